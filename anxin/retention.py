"""What ``anxin retention`` does: destroy what has been kept long enough, and the holds that keep it from that."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import Subject
from anxin.domains.residents import api as residents
from anxin.flows import apply_retention
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.errors import PlatformError

if TYPE_CHECKING:
    from anxin.domains.residents.models import Resident

Tell = Callable[[str], None]
OPERATOR = Actor.system("anxin retention")


def run(*, is_dry: bool, tell: Tell) -> None:
    """Reckon and say what is due; without ``is_dry`` do it, and say what was done."""
    found = apply_retention.plan() if is_dry else apply_retention.apply()
    verb = "due" if is_dry else "done"
    tell(f"{found.answer_logs} logs of single answers {verb}.")
    tell(f"{len(found.campaigns)} campaigns whose names come off {verb}{_listed(found.campaigns)}.")
    if found.campaigns_held:
        tell(f"{len(found.campaigns_held)} more wait for a legal hold{_listed(found.campaigns_held)}.")
    if found.trail_up_to:
        tell(f"The trail before {found.trail_before}, up to row {found.trail_up_to}, {verb}.")
    else:
        tell(f"No whole segment of the trail ended before {found.trail_before}.")
    tell(
        f"{len(found.archives)} closed archives past their time, for a person to decide{_listed(found.archives)}."
    )
    tell(
        f"{found.held_people} people under legal hold were left out."
        if found.held_people
        else "No legal hold."
    )


def hold(*, number: str, ground: str, tell: Tell) -> None:
    """Keep everything about one person."""
    with _said_plainly(), unit_of_work(OPERATOR):
        person = _person(number)
        subject = Subject(node_path=person.scope_path, person_uid=person.uid)
        audit.hold(actor=OPERATOR, person=subject, ground=ground)
    tell(f"Nothing about {number} is destroyed until the hold is lifted.")


def lift(*, number: str, ground: str, tell: Tell) -> None:
    """Let the times of keeping count again."""
    with _said_plainly(), unit_of_work(OPERATOR):
        audit.lift_hold(actor=OPERATOR, person_uid=_person(number).uid, ground=ground)
    tell(f"The hold on {number} is lifted.")


def _person(number: str) -> "Resident":
    found = residents.residents_queryset(actor=OPERATOR).filter(number=number.strip().upper()).first()
    if found is None:
        raise PlatformError(f"Nobody has the number {number}.")
    return found


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except AnxinError as error:
        raise PlatformError(str(error)) from None


def _listed(numbers: Iterable[str]) -> str:
    said = ", ".join(numbers)
    return f": {said}" if said else ""
