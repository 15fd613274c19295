"""Devices and recovery codes of a resident."""
