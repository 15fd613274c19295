"""Connecting a resident's archive with another phone, after seeing the identity card."""
