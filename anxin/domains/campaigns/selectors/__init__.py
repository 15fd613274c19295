"""Inside of the campaigns room."""
