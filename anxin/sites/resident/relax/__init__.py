"""放松: one breathing exercise that needs nothing."""
