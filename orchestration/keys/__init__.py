"""Keys: the key file, what is encrypted with it, and a log of its use."""
