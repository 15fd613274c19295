"""Writes of the accounts room, by topic."""
