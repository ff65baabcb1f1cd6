"""How fast it is, and what a kill does to it: measured and tried by hand, no part of a night."""
