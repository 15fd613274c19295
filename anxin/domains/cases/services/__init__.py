"""Writes of the cases room, by topic: opening, treating, ending."""
