"""Rules of the accounts room: locks, sessions, and archives held back. Pure."""
