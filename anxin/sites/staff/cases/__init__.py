"""Crisis cases: the list and the record."""
