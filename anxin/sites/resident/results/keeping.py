"""From the device into the archive, on the person's own wish."""

from anxin.sites.marks import VisitRequest
from anxin.sites.resident.person import Person
from anxin.sites.resident.self_tests import runs
from anxin.sites.resident.self_tests.offer import ADULT_AGE


def keep(request: VisitRequest, run: runs.Run, known: Person) -> str:
    """Answer again under the person's name what they answered without it, and hand it in; the uid of the sitting.

    The same path as any named sitting, so a critical answer raises its warning here too.
    """
    named = runs.begin_named(
        request, run.instrument.id, age=known.age or ADULT_AGE, scope_path=known.scope_path
    )
    for number, value in enumerate(run.answers, start=1):
        if value is not None and named.answers[number - 1] != value:
            named, _ = runs.save(request, named, item=number, value=value)
    return runs.finish(request, named).sitting_uid
