"""Who answers for a case now: its manager or who stands in for them, who may become it, and how they are told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from anxin.domains.access import api as access
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import Draw, ManagerUnfit, Permission
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.risk.contracts import HIGH, Level
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows.ladders import draw_for_case
from anxin.kernel import clock
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.network.models import Posting

SYSTEM = Actor.system("cases")


def draw_for(case: "Case", *, level: Level | None = None, staff_id: int | None = None) -> Draw:
    """The ladder of this case: its manager first, or who stands in for them today, or whoever is to become it."""
    if staff_id is None:
        cover = cases.covers_now(actor=SYSTEM, posting_ids=[case.manager_id]).get(case.manager_id)
        staff_id = cover.by.staff_id if cover else case.manager.staff_id
    manager = network.candidate_for(staff_id=staff_id, unit_id=case.unit_id, at=clock.now())
    return draw_for_case(unit_id=case.unit_id, level=level or Level(case.level), manager=manager)


def fit_for(*, level: int, path: str, postings: "Iterable[Posting]") -> frozenset[int]:
    """Those of these postings whose people may write on a case at ``path`` and are competent for ``level`` today."""
    people = list(postings)
    staff = {one.staff_id for one in people}
    act = Act.CONFIRM_HIGH_RISK if level >= HIGH else Act.ANSWER_WARNING
    able = workforce.competent_staff_ids(staff_ids=staff, act=act, on=clock.today())
    able &= access.staff_who_may(permission=Permission.WRITE.value, at=path, staff_ids=staff)
    return frozenset(one.id for one in people if one.staff_id in able)


def require_fit(case: "Case", posting: "Posting") -> None:
    """Raises ``ManagerUnfit`` for somebody who could not work on the case they are given."""
    if posting.id not in fit_for(level=case.level, path=case.scope_path, postings=[posting]):
        raise ManagerUnfit(field="manager")


def tell(*, actor: Actor, case: "Case", staff_id: int, template: str, occasion: str) -> None:
    """A line in their list and a text: the number, nothing else. The same occasion is told once."""
    notices.reach(
        actor=actor,
        key=f"case:{case.uid}:{occasion}:{staff_id}",
        template=template,
        params={"number": case.number},
        staff_id=staff_id,
        scope_path=case.scope_path,
        ladder="tell_staff",
    )
