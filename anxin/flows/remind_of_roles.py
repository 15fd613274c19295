"""Roles that nobody has confirmed for nearly a year: the holder, and whoever leads where they work, are told twice.

Carried out by the worker now and then. Each warning is said once, and in a transaction of its own.
"""

from typing import TYPE_CHECKING

from anxin.domains.access import api as access
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.access.selectors.links import Lapsing

SYSTEM = Actor.system("roles")


def remind_of_roles() -> int:
    """How many were told."""
    with unit_of_work(SYSTEM):
        due = access.lapsing_grants()
    for one in due:
        with unit_of_work(SYSTEM):
            _tell(one)
            access.mark_warned(actor=SYSTEM, grant_id=one.grant.id, days=one.warning)
    return len(due)


def _tell(one: "Lapsing") -> None:
    staff = network.staff_by_account(account_id=one.grant.account_id)
    if staff is None:
        return
    postings = network.postings_of(staff_id=staff.id, on=clock.today())
    leaders = [
        lead.staff_id
        for posting in postings
        for lead in network.leaders_of(path=posting.unit.path, on=clock.today())
    ]
    for staff_id in dict.fromkeys([staff.id, *leaders]):
        notices.queue(
            actor=SYSTEM,
            key=f"role-ends:{one.grant.uid}:{one.last_day}:{one.warning}:{staff_id}",
            template="role_ends" if staff_id == staff.id else "role_of_colleague_ends",
            channel="in_app",
            params={"day": one.last_day.isoformat()},
            staff_id=staff_id,
            scope_path=one.grant.node.path,
        )
