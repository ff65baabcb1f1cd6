"""Reference data: households and areas as CBS and Amsterdam publish them, read, held to a contract, and used once a person accepts it."""
