"""Writing archives, by topic."""
