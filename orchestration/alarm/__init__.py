"""Telling people, once, when a night needs them, and when it no longer does."""
