"""The ordinary road for a participant's answers."""
