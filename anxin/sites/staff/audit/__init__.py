"""The trail for auditors and the security officer: search, one row, the state of the chain, a file to take away."""
