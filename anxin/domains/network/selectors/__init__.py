"""Reads of the network room, by topic. Nothing here is about a member of the public."""
