"""Pure rules of the deadlines room."""
