"""Promising, sending, reaching, and what providers report."""
