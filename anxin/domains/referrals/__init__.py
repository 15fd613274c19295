"""Referrals (转介): a person is passed on with what the other side needs, and the wait always has an owner and a clock.

Two sides, told apart by pure rules: who sees which part, and who is responsible now.
"""
