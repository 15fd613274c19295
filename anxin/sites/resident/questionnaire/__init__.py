"""The page on which a participant of a campaign answers, with a network or without."""
