"""附近驿站: the list first, the map beside it."""
