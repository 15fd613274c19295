"""The people of one's units: invited, confirmed for another year, unlocked, and helped back in."""
