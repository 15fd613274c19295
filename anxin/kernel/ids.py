"""Identifiers made in Python, so that any PostgreSQL from 15 on will do.

UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 74 random bits; sorts by time of making.
"""

import secrets
import time
from uuid import UUID


def new_uid() -> str:
    """A fresh UUIDv7 in its 36-character text form."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = secrets.randbits(74)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & (1 << 62) - 1
    return str(UUID(int=value))
