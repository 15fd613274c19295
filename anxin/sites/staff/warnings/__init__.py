"""One warning: what is due, what happened, and the next step."""
