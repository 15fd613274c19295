"""Pure rules of the indicators room."""
