"""Pure rules of access: reading the roles, where they can be held, which duties stay apart."""
