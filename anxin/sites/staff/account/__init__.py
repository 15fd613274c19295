"""One's own account: password, devices, recovery codes."""
