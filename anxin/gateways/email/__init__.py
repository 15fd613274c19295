"""E-mail. A carrier implements ``Gateway`` of the notices room."""
