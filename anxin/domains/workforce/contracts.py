"""What others may see of the workforce room: acts, kinds of credential, refusals."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from anxin.kernel.errors import Refused


class Permission(StrEnum):
    """Rights of this room."""

    MANAGE = "workforce.manage"
    VIEW = "workforce.view"


class Act(StrEnum):
    """What the law or the rules reserve to a qualification (``data/competence_gates.yaml``)."""

    ANSWER_WARNING = "answer_warning"
    ASSESS_WITH_INSTRUMENT = "assess_with_instrument"
    CONFIRM_HIGH_RISK = "confirm_high_risk"
    COUNSELLING = "counselling"
    DIAGNOSE = "diagnose"
    EDUCATION = "education"
    GUIDANCE = "guidance"
    PRESCRIBE = "prescribe"
    PSYCHOTHERAPY = "psychotherapy"
    SUPPORT = "support"


class CredentialKind(StrEnum):
    """What a person is qualified as, or trained in."""

    PSYCHIATRIST = "psychiatrist"
    THERAPIST = "therapist"
    COUNSELLOR = "counsellor"
    TUTOR = "tutor"
    SOCIAL_WORKER = "social_worker"
    TCM_PHYSICIAN = "tcm_physician"
    PSYCHOLOGY_TEACHER = "psychology_teacher"
    VOLUNTEER = "volunteer"
    CRISIS_TRAINING = "crisis_training"
    HOTLINE_TRAINING = "hotline_training"
    INSTRUMENT_TRAINING = "instrument_training"

    @property
    def label(self) -> str:
        """Message id."""
        return self.value.replace("_", " ")


class Tier(IntEnum):
    """The four-tier ladder of competence (R-083): tutor, counsellor, therapist, psychiatrist. ``NONE``: on no rung."""

    NONE = 0
    TUTOR = 1
    COUNSELLOR = 2
    THERAPIST = 3
    PSYCHIATRIST = 4


@dataclass(frozen=True, slots=True)
class Gate:
    """Who passes: the holder of every kind of one of ``any_of``. ``never``: nobody, whoever they are."""

    act: Act
    any_of: tuple[frozenset[str], ...]
    only_in_medical_unit: bool = False
    never: bool = False
    law: str = ""


@dataclass(frozen=True, slots=True)
class CredentialDraft:
    """A credential to be recorded. Without ``verified_on`` it does not count yet."""

    staff_id: int
    kind: CredentialKind
    valid_from: date
    valid_until: date | None = None
    verified_on: date | None = None
    number: str = ""
    subject: str = ""


class ActReserved(Refused):
    """The law reserves this act to another qualification."""

    code = "act-reserved"
    message = "This needs a qualification that is not on record for this person, or is not valid on that day."


class OwnCredential(Refused):
    """Nobody confirms their own credential."""

    code = "own-credential"
    message = "Nobody can confirm their own credential. Another person has to see the original."


class CredentialAlreadyRecorded(Refused):
    """Recorded already with the same first day."""

    code = "credential-already-recorded"
    message = "This credential is already on record."


class SubjectMissing(Refused):
    """Training in an instrument names the instrument."""

    code = "subject-missing"
    message = "Name the instrument this training is for."
