"""Kernel: clock, ids, errors, crypto, outbox, transitions, units of work. It holds no word of the domain."""
