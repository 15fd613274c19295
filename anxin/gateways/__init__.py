"""The outside world: one folder per kind of carrier, chosen by a settings path, each with a ``null`` one for demos."""
