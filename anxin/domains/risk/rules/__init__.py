"""Pure rules of the risk room: what a sitting means, how fast to answer, which steps exist, how a warning may end."""
