"""Landing: the truth. Register, store, vault and archive of what was taken in, and the history derived from them."""
