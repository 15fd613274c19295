"""Pure rules of the assessments room."""
