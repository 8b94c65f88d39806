"""The council package: what each council is asked to decide, and what waits for whom."""
