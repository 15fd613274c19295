"""Reading who holds what, what was opened, and what was taken out."""
