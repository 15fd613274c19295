"""Data in and out: files other systems make, and files they read."""
