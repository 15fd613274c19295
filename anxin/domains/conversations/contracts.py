"""What others may see of a conversation in writing."""

from enum import StrEnum

from anxin.kernel.errors import NotFound, Refused

MAX_LETTERS = 2000
CODE_LENGTH = 12


class Side(StrEnum):
    """Who wrote a message: the person asking, or the service."""

    PERSON = "person"
    STAFF = "staff"


class ThreadNotFound(NotFound):
    """No conversation has this code, or none for this actor. Which of the two is not said."""

    code = "thread-not-found"
    message = "There is no conversation with this code."


class ThreadClosed(Refused):
    """The conversation was ended; what was written stays readable."""

    code = "thread-closed"
    message = "This conversation was ended. You can start a new one at any time."


class MessageEmpty(Refused):
    """Nothing but blanks."""

    code = "message-empty"
    message = "Please write something first."


class MessageTooLong(Refused):
    """More than ``MAX_LETTERS`` letters."""

    code = "message-too-long"
    message = "This is too long for one message. Please send it in two."
