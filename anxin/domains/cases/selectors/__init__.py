"""Reads of the cases room, by topic."""
