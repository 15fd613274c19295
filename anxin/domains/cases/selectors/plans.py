"""Reading the safety plan: for staff with the case, and for the person it is for."""

from django.db.models import Count

from anxin.domains.audit.api import query
from anxin.domains.cases.contracts import OwnPlan, PlanNotFound, PlanSide, PlanView
from anxin.domains.cases.models import Case, CasePlan
from anxin.domains.cases.policies import cases_about, visible_cases
from anxin.domains.cases.rules import plans as rules
from anxin.kernel.actor import Actor, ActorKind


def latest_plan(case: Case) -> CasePlan | None:
    """The newest version, agreed or not."""
    return case.plans.order_by("-version").first()


def has_agreed_plan(case: Case) -> bool:
    """Whether any version was agreed to by both sides."""
    both = case.plans.annotate(sides=Count("agreements")).filter(sides=len(PlanSide))
    return both.exists()


def own_case(actor: Actor) -> Case | None:
    """The case about the actor: the open one, else the one that ended last."""
    mine = cases_about(actor, Case.objects.select_related("unit"))
    return mine.filter(closed_at__isnull=True).first() or mine.order_by("-closed_at").first()


def _view(plan: CasePlan, case_uid: str) -> PlanView:
    return PlanView(
        case_uid=case_uid,
        version=plan.version,
        content=rules.load(plan.content),
        by_person=plan.author_kind == ActorKind.RESIDENT,
        author=plan.author_label,
        written_at=plan.written_at,
        agreed={PlanSide(one.side): one.agreed_at for one in plan.agreements.all()},
    )


@query()
def plans_of(*, actor: Actor, case: Case) -> list[PlanView]:
    """Every version, newest first, of a case ``access_case`` has shown (that look is the one recorded)."""
    seen = visible_cases(actor, Case.objects.filter(id=case.id))
    rows = CasePlan.objects.filter(case__in=seen).prefetch_related("agreements").order_by("-version")
    return [_view(one, case.uid) for one in rows]


@query()
def own_plan(*, actor: Actor) -> OwnPlan:
    """The plan of the person who asks. Raises ``PlanNotFound`` when nobody has begun to help them with one."""
    case = own_case(actor)
    if case is None:
        raise PlanNotFound
    rows = CasePlan.objects.filter(case=case).prefetch_related("agreements").order_by("-version")
    views = [_view(one, case.uid) for one in rows]
    if not views:
        # That there is a case is not told here: it may have been opened to protect a life, before anybody could ask.
        raise PlanNotFound
    return OwnPlan(
        case_uid=case.uid,
        unit=case.unit.name,
        latest=next(iter(views), None),
        in_force=next((one for one in views if one.is_in_force), None),
        is_open=case.closed_at is None,
    )
