"""The pages of the project as one site in a release, which asks nothing of a network."""
