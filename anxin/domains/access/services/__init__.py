"""Giving and taking rights, opening records for a short time, and taking data out."""
