"""Somebody left: every open warning that still calls them finds other people at once, not when their rung is reached;
every case of theirs another manager.

Runs from the outbox, on the first day the posting is no longer in force. Each warning is a transaction of its own.
"""

import logging
from typing import Any

from anxin.domains.deadlines import api as deadlines
from anxin.flows import hand_over_cases
from anxin.flows.find_new_owner import SYSTEM, find_new_owner
from anxin.flows.ladders import SUBJECT
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)


def follow_ended_posting(payload: dict[str, Any]) -> None:
    """Draw anew each ladder with this posting on it.

    One that cannot be drawn holds up no other; raises ``RuntimeError`` in the end, so that the outbox comes back to it.
    """
    posting_id = int(payload["posting_id"])
    with unit_of_work(SYSTEM):
        uids = deadlines.subjects_calling(actor=SYSTEM, subject_kind=SUBJECT, posting_id=posting_id)
    left = []
    for uid in uids:
        try:
            find_new_owner(uid=uid, occasion="posting-ended")
        except Exception:
            log.exception("the ladder of warning %s could not be drawn anew", uid)
            left.append(uid)
    cases_left = hand_over_cases.follow_ended_posting(posting_id)
    if cases_left:
        raise RuntimeError(f"{cases_left} cases still belong to somebody who left")
    if left:
        raise RuntimeError(f"{len(left)} warnings still call somebody who left")
