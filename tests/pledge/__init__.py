"""A throw-away app with one model, which nothing but its own settings names."""
