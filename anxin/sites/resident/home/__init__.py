"""首页: a question, not a portal."""
