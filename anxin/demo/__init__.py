"""A generated city, the same for the same seed: invented people, places and records.

Nothing in the product imports this package.
"""
