"""审计 Audit: who did or read what, by value and without foreign keys, append-only.

Promises: every command and every read of personal data leaves one row with a sentence; no role that serves requests can
change or remove a row. Refuses: to be switched off.
"""
