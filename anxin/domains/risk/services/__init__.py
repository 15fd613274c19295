"""Writes of the risk room, by topic: raising, handling, ending."""
