"""Conversations in writing: threads, numbered messages, and the code that lets somebody unknown come back."""
