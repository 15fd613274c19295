"""没联系上: people whom no message reached, what to do next, and what messages cost."""
