"""Every figure on speed and size, measured in one run beside what it is compared with. `make bench` runs them all."""
