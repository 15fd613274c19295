"""The one error of the platform."""


class PlatformError(Exception):
    """Something the person at the keyboard can put right: one line that says what happened and what to do."""
