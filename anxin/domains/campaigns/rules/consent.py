"""Who has to agree, by age (PIPL art. 28 to 31; workflow 4.1). Pure.

Under 14 a guardian agrees, separately, and the child may still say no. From 14 to 17 the person agrees and the guardian
is told. From 18 on it is the person's own affair. A refusal is an answer like any other.
"""

from dataclasses import dataclass
from datetime import date

from anxin.domains.campaigns.contracts import Answerer, ConsentState

GUARDIAN_BELOW, ADULT_FROM = 14, 18


@dataclass(frozen=True, slots=True)
class Asking:
    """What one person's age asks for."""

    consent_by: Answerer
    guardian_is_told: bool

    @property
    def text(self) -> str:
        """Which text the one who agrees reads."""
        return "guardian" if self.consent_by is Answerer.GUARDIAN else "own"


def asking_for(born_on: date | None, today: date) -> Asking:
    """Who agrees for somebody born on ``born_on``. Of unknown age: a guardian, the safer way."""
    age = age_on(born_on, today) if born_on is not None else 0
    if age < GUARDIAN_BELOW:
        return Asking(Answerer.GUARDIAN, guardian_is_told=True)
    return Asking(Answerer.SELF, guardian_is_told=age < ADULT_FROM)


def age_on(born_on: date, today: date) -> int:
    """Full years. Who was born on 29 February is a year older on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def born_after(today: date, age: int) -> date:
    """Whoever is younger than ``age`` on ``today`` was born after this day: the same line, for a query."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:  # 29 February
        return today.replace(year=today.year - age, day=28)


def next_state(before: ConsentState, answer: ConsentState) -> ConsentState:
    """What stands after ``answer``. Taking back what was given is withdrawing; one may always change one's mind."""
    if answer is ConsentState.REFUSED and before in (ConsentState.GIVEN, ConsentState.WITHDRAWN):
        return ConsentState.WITHDRAWN
    return answer
