"""Backups: one file with every row and a list of what is in it, verified as soon as it is written.

The keys are never in it. Beside the file lies a list of the keys it needs, by version and fingerprint;
``anxin backup keys`` puts the keys themselves, sealed by a passphrase, somewhere else.
"""
