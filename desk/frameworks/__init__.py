"""A borrowing framework: who guarantees it, what is decided, its recourse agreement, and what to look out for."""
