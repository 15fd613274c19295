"""A unit was hung elsewhere in the management tree: people, sittings, warnings and cases follow, and warnings
find new owners.

Runs from the outbox, all in one transaction. An open warning keeps its step and is never due later than before.
"""

from typing import Any

from anxin.domains.access import api as access
from anxin.domains.archives import api as archives
from anxin.domains.assessments import api as assessments
from anxin.domains.campaigns import api as campaigns
from anxin.domains.cases import api as cases
from anxin.domains.conversations import api as conversations
from anxin.domains.linkages import api as linkages
from anxin.domains.notices import api as notices
from anxin.domains.referrals import api as referrals
from anxin.domains.residents import api as residents
from anxin.domains.rights import api as rights
from anxin.domains.risk import api as risk
from anxin.flows.find_new_owner import find_new_owner
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("network")


def follow_moved_unit(payload: dict[str, Any]) -> None:
    """Rewrite every path kept by value, and draw the ladders of open warnings anew."""
    old, new = str(payload["old_path"]), str(payload["new_path"])
    with unit_of_work(SYSTEM):
        for room in (
            access,
            residents,
            rights,
            notices,
            conversations,
            assessments,
            campaigns,
            cases,
            referrals,
            linkages,
            archives,
        ):
            room.follow_moved_node(actor=SYSTEM, old_path=old, new_path=new)
        for uid in risk.follow_moved_node(actor=SYSTEM, old_path=old, new_path=new):
            find_new_owner(uid=uid, occasion="moved")
