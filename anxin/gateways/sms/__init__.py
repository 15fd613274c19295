"""Text messages. A carrier implements ``Gateway`` of the notices room."""
