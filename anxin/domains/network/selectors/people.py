"""Staff and their postings."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import Post
from anxin.domains.network.models import Posting, StaffMember
from anxin.kernel.errors import NotFound


def in_force(on: date, prefix: str = "") -> Q:
    """Postings in force on a day; both ends count."""
    ends = f"{prefix}ends_on"
    return Q(**{f"{prefix}starts_on__lte": on}) & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": on}))


@query()
def staff_by_account(*, account_id: int) -> StaffMember | None:
    """The person behind an account, if it is a member of staff's."""
    return StaffMember.objects.filter(account_id=account_id).first()


@query()
def staff_by_uid(*, uid: str) -> StaffMember:
    """Raises ``NotFound``."""
    found = StaffMember.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@query()
def postings_of(*, staff_id: int, on: date) -> list[Posting]:
    """A person's postings in force on a day, with their units, the oldest first."""
    postings = Posting.objects.filter(in_force(on), staff_id=staff_id)
    return list(postings.select_related("unit", "staff").order_by("starts_on", "id"))


@query()
def posting_by_uid(*, uid: str) -> Posting:
    """Raises ``NotFound``."""
    found = Posting.objects.filter(uid=uid).select_related("unit", "staff").first()
    if found is None:
        raise NotFound
    return found


@query()
def postings_by_id(*, posting_ids: Iterable[int]) -> dict[int, Posting]:
    """Postings with their people and units."""
    return Posting.objects.select_related("unit", "staff").in_bulk(list(posting_ids))


@query()
def postings_queryset(*, path: str, on: date) -> QuerySet[Posting]:
    """Everybody posted at ``path`` or below on a day: whom work can be given to."""
    postings = Posting.objects.filter(in_force(on), unit__path__startswith=path)
    return postings.select_related("unit", "staff").order_by("unit__name", "staff__name", "id")


@query()
def headcount(*, path: str, on: date) -> int:
    """People posted at ``path`` or below; who works at two units is one person (R-023)."""
    return postings_queryset(path=path, on=on).order_by().values("staff_id").distinct().count()


@query()
def accounts_of_staff(*, staff_ids: Iterable[int]) -> dict[int, int]:
    """The account each of these people signs in with; who has none is missing."""
    rows = StaffMember.objects.filter(id__in=list(staff_ids), account__isnull=False)
    return dict(rows.values_list("id", "account_id"))


@query()
def staff_of_accounts(*, account_ids: Iterable[int]) -> dict[int, StaffMember]:
    """The person behind each of these accounts."""
    rows = StaffMember.objects.filter(account_id__in=list(account_ids))
    return {one.account_id: one for one in rows if one.account_id is not None}


@query()
def leaders_of(*, path: str, on: date) -> list[Posting]:
    """Who leads the unit at ``path`` on a day: its manager, and whoever is named accountable for it."""
    leads = Q(post=Post.MANAGER) | Q(is_accountable=True)
    found = Posting.objects.filter(in_force(on), leads, unit__path=path)
    return list(found.select_related("unit", "staff").order_by("starts_on", "id"))


@query()
def has_staff_named(*, name: str) -> bool:
    """Whether a member of staff bears exactly this name; a namesake counts, for whoever looks more closely."""
    return bool(name) and StaffMember.objects.filter(name=name).exists()
