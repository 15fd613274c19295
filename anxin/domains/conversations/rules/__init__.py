"""Pure rules of the conversations room."""
