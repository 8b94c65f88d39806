"""The rules of the budget as plain functions: standard library only, no clock, no input or output, whole öre."""
