"""The network of stations: a list, its totals, and areas by lines."""
