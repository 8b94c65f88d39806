"""Tests of the rules: worked examples with the figures of Budget 2026, and properties that must always hold."""
