"""Pure rules of the referrals room."""
