"""What protects persons after their data came in: forgetting, terms of keeping, a new key."""
