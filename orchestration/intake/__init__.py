"""Intake: a delivery is found, read, checked against the contract and made unlinkable. Knows nothing of the landing."""
