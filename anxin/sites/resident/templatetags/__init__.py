"""Template tags of the resident site."""
