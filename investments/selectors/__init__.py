"""What forecasts and pages read of investments, loans and frameworks."""
