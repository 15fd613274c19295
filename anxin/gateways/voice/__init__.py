"""Calls that read one sentence out. A carrier implements ``Gateway`` of the notices room."""
