"""The budget's year: starting the next one, and the year clock."""
