"""Pure rules of the workforce: the competence gates."""
