"""账号 Accounts: the sign-in identity of people and machines, and their second factor.

Promises: a phone number, a code or a secret is never kept readable; a code works once and not for long. Refuses: to
know a name or a right.
"""
