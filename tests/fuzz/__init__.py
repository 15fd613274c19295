"""Every address, as everybody, with what should never come: refused or harmless."""
