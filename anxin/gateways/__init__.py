"""The outside world: each folder one kind of carrier, chosen by a settings path, with a ``null`` one for demos and tests."""
