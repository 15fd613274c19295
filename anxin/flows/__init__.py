"""Flows act: one job a file, read from top to bottom. They call the doors of several rooms; no room calls a flow."""
