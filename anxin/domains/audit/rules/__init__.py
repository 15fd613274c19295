"""Pure rules of the trail."""
