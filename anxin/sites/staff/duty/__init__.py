"""The duty board: what is open, whose turn it is, and by when."""
