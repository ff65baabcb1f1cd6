"""What the definitions share."""

OWNERS = ["team:data-engineering"]
