"""The intake lane: a whole city hands in its answers in the same hour, beside Django and through the same house."""
