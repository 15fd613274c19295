"""通知 Notices: what was promised to be said to whom, by which channel, and what became of it.

Promises: one row and one idempotency key per message; the text never holds a score, an illness or the word 心理.
"""
