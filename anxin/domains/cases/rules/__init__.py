"""Pure rules of the cases room."""
