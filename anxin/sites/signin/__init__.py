"""Sign-in: residents by a code sent to their phone, staff by password and second factor, and in the demo one click."""
