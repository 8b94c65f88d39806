"""Rolls a budget up, copies it forward and adopts it."""
