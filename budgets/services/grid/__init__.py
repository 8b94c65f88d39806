"""The grid of a sub-budget: one request saves many cells, and every save can be undone."""
