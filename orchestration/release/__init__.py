"""Releases: written beside one another, switched in one step."""
