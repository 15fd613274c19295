"""The events behind a number, without anything about the person."""
