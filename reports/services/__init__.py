"""What reports make: the workbook of a budget."""
