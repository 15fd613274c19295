"""Where guardians, and people of 14 and more, say yes or no to a campaign."""
