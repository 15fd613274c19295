"""Errors every room may raise. A site turns them into words at the right field; nobody else catches them.

``code`` is stable and goes to partners; ``message`` is an English gettext message id.
"""


class AnxinError(Exception):
    """Base of every error that is an answer to a person, not a fault of the program."""

    code = "error"
    message = "Something was refused."

    def __init__(self, message: str | None = None, *, field: str = "", **params: object) -> None:
        self.message = message or self.message
        self.field = field
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotPermitted(AnxinError):
    """The actor may not do this. Sites answer 403 inside the unit and 404 outside it."""

    code = "not-permitted"
    message = "You may not do this."


class NotFound(AnxinError):
    """Nothing there for this actor. Deliberately the same answer as for a thing that is not theirs."""

    code = "not-found"
    message = "Nothing was found here."


class Refused(AnxinError):
    """A rule of the domain says no; the message says which and what to do instead."""

    code = "refused"


class Conflict(AnxinError):
    """Somebody else was faster. The caller keeps what was typed and shows who and when."""

    code = "conflict"
    message = "Somebody else was faster."
