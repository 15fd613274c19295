"""Writing down what has become of what came in. For the house only."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q

from anxin.domains.audit.api import command
from anxin.domains.campaigns.contracts import ParticipantState
from anxin.domains.campaigns.models import CriticalSignal, Participant, SubmissionAdoption
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@command("campaigns:participants:linked")
def link_residents(*, actor: Actor, residents: Mapping[int, int]) -> int:
    """Participants (by id) have an archive now (by id). How many that is news for."""
    _house_only(actor)
    unlinked = list(Participant.objects.filter(id__in=residents, resident__isnull=True))
    for participant in unlinked:
        participant.resident_id = residents[participant.id]
    return Participant.objects.bulk_update(unlinked, ["resident"]) if unlinked else 0


@command("campaigns:submissions:adopted")
def mark_adopted(*, actor: Actor, sittings: Mapping[int, int], participant_ids: Sequence[int]) -> int:
    """Submissions (by id) became sittings (by id): once, or the database refuses the set."""
    _house_only(actor)
    moment = clock.now()
    SubmissionAdoption.objects.bulk_create(
        [
            SubmissionAdoption(submission_id=submission, sitting_id=sitting, adopted_at=moment)
            for submission, sitting in sittings.items()
        ]
    )
    _note_progress(participant_ids)
    return len(sittings)


@command("campaigns:signal:adopted")
def mark_signal_adopted(*, actor: Actor, signal: CriticalSignal) -> None:
    """Somebody was called for it."""
    _house_only(actor)
    CriticalSignal.objects.filter(id=signal.id, adopted_at__isnull=True).update(adopted_at=clock.now())


def _note_progress(participant_ids: Sequence[int]) -> None:
    """Done is who has handed in every step that is asked of everybody; the others have started."""
    answering = Participant.objects.filter(id__in=participant_ids).exclude(state=ParticipantState.EXCUSED)
    counted = answering.annotate(
        asked=Count("campaign__steps", filter=Q(campaign__steps__follows=0), distinct=True),
        given=Count("submissions", distinct=True),
    )
    done = [one.id for one in counted if one.given >= one.asked]
    answering.filter(id__in=done).update(state=ParticipantState.SUBMITTED)
    answering.exclude(id__in=done).filter(state=ParticipantState.LISTED).update(
        state=ParticipantState.STARTED
    )


def _house_only(actor: Actor) -> None:
    if not actor.is_system:
        raise NotPermitted
