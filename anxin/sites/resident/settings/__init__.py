"""Language, text size, contrast, and the quick way out."""
