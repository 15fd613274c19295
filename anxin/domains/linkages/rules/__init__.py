"""Pure rules of the linkages room."""
