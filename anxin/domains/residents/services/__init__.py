"""Writing: people, and what they agree to. Nothing here erases: a withdrawal is dated, not deleted."""
