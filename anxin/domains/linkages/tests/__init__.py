"""Tests of the linkages room."""
