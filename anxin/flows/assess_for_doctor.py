"""结合家庭医生签约服务: a team asked, so a member of staff begins an interview under the contract (R-042).

The interview runs as every other does, with the same alarms. What goes back to the team is advice in words, later and
by a person; answers and scores never do.
"""

from typing import TYPE_CHECKING

from anxin.domains.archives import api as archives
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import InterviewDraft
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting


def begin(*, actor: Actor, archive_uid: str, contract_uid: str, draft: InterviewDraft) -> "Sitting":
    """The interview and the line under the contract, or neither. Raises ``ContractNotInForce``."""
    with unit_of_work(actor):
        archive = archives.access_archive(actor=actor, uid=archive_uid)
        sitting = assessments.start_interview(actor=actor, resident_uid=archive.resident.uid, draft=draft)
        archives.ask_under_contract(
            actor=actor,
            archive_uid=archive_uid,
            contract_uid=contract_uid,
            instrument=draft.instrument,
            sitting_id=sitting.id,
        )
        return sitting
