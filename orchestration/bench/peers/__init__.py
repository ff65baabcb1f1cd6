"""The main figures of the floor with other libraries, each a script by itself."""
