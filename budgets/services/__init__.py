"""Writes of a budget: its lines, its totals, its copies and its adoption."""
