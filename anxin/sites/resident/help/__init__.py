"""求助: numbers and what to do now; no sign-in, no database."""
