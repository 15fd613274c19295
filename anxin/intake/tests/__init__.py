"""Tests of the intake lane."""
