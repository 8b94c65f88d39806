"""What is written of investments, loans and frameworks."""
