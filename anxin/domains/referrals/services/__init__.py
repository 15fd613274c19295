"""Writes of the referrals room."""
