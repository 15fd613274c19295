"""Pure scoring: definitions and answers in, score sheets out."""
