"""Rosters as schools send them."""
