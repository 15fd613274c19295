"""The door of the referrals room."""

from anxin.domains.audit.api import pure
from anxin.domains.referrals import policies
from anxin.domains.referrals.rules import direction, sides, states
from anxin.domains.referrals.selectors import (
    access_referral,
    chain_of,
    closed_loop,
    evidence_of,
    referral_brief,
    referrals_of_case,
    referrals_of_person,
    referrals_queryset,
    statuses_queryset,
    timeline_of,
)
from anxin.domains.referrals.services.answering import (
    accept,
    attend,
    feed_back,
    follow_moved_node,
    hand_back,
    miss,
    pass_on,
    receive,
    record_climb,
    redirect,
    reject,
    schedule,
    write_note,
)
from anxin.domains.referrals.services.sending import (
    close,
    draft_referral,
    follow_up,
    record_consent,
    send,
    send_on,
    take_back,
    widen_consent,
    withdraw,
)

acts_from = pure(states.acts_from)
direction_of = pure(direction.direction_of)
may_act = pure(policies.may_act)
parts_for = pure(sides.parts_for)
parts_of = pure(policies.parts_of)
rank_of = pure(direction.rank_of)
side_of_actor = pure(policies.side_of_actor)

__all__ = [
    "accept",
    "access_referral",
    "acts_from",
    "attend",
    "chain_of",
    "close",
    "closed_loop",
    "direction_of",
    "draft_referral",
    "evidence_of",
    "feed_back",
    "follow_moved_node",
    "follow_up",
    "hand_back",
    "may_act",
    "miss",
    "parts_for",
    "parts_of",
    "pass_on",
    "rank_of",
    "receive",
    "record_climb",
    "record_consent",
    "redirect",
    "referral_brief",
    "referrals_of_case",
    "referrals_of_person",
    "referrals_queryset",
    "reject",
    "schedule",
    "send",
    "send_on",
    "side_of_actor",
    "statuses_queryset",
    "take_back",
    "timeline_of",
    "widen_consent",
    "withdraw",
    "write_note",
]
