"""The half-year delivery to CBS: record sets of facts and vault, a file by a declared layout, and what can be seen of its quality."""
