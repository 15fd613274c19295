"""Two trees, the units, the people who work in them and when, and the task force."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.network import contracts
from anxin.kernel.models import Pii, Record


def _choices(values: type) -> list[tuple[str, str]]:
    return [(value.value, value.name) for value in values]  # type: ignore[attr-defined]


class Division(Record):
    """A place of the legal division tree (GB/T 2260 shape). An attribute of units, never their superior (trap T2)."""

    pii = Pii.NONE

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")


class Unit(Record):
    """A node of the management tree. ``path`` is the chain of ids, ``/1/14/233/``; rights and roll-ups follow it."""

    pii = Pii.NONE

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="", blank=True)
    name_pinyin = models.CharField(max_length=200, default="", blank=True)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=24, choices=_choices(contracts.UnitKind))
    host_type = models.CharField(max_length=24, choices=_choices(contracts.HostType), null=True)
    line = models.CharField(max_length=20, choices=_choices(contracts.Line), default="", blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, db_collation="C")
    depth = models.PositiveSmallIntegerField()
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="units")
    served_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="serves")
    host_institution = models.ForeignKey("self", models.PROTECT, null=True, related_name="hosts")
    is_medical_institution = models.BooleanField(default=False)
    services = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    status = models.CharField(max_length=12, choices=_choices(contracts.UnitStatus), default="active")
    opened_on = models.DateField(null=True)
    second_centre_reason = models.CharField(max_length=200, default="", blank=True)
    address = models.CharField(max_length=160, default="", blank=True)
    access_note = models.CharField(max_length=160, default="", blank=True)
    phone = models.CharField(max_length=24, default="", blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_station_has_host_type",
                condition=Q(kind="station", host_type__isnull=False)
                | (~Q(kind="station") & Q(host_type__isnull=True)),
            ),
            models.CheckConstraint(
                name="unit_therapy_only_medical",
                condition=~Q(services__contains=["therapy"]) | Q(is_medical_institution=True),
            ),
            models.CheckConstraint(
                name="unit_county_centre_has_host",
                condition=~Q(kind="county_centre", status="active") | Q(host_institution__isnull=False),
            ),
            models.UniqueConstraint(
                F("kind"),
                name="unit_one_city_centre",
                condition=Q(kind="city_centre", status="active", second_centre_reason=""),
            ),
            models.CheckConstraint(name="unit_path_shape", condition=Q(path__regex=r"^(/[0-9]+)+/$")),
        ]
        indexes = [
            models.Index(fields=["kind", "status"], name="unit_kind_status"),
            models.Index(fields=["parent", "name"], name="unit_parent_name"),
            models.Index(fields=["latitude", "longitude"], name="unit_place"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.path)


class OpeningHours(models.Model):
    """One stretch of opening time on one weekday (0 = Monday)."""

    pii = Pii.NONE

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="hours_order", condition=Q(closes_at__gt=F("opens_at"))),
            models.UniqueConstraint(fields=["unit", "weekday", "opens_at"], name="hours_once"),
        ]


class StaffMember(Record):
    """A person in their official function: one record, many postings (R-023)."""

    pii = Pii.STAFF

    account = models.OneToOneField("accounts.Account", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=40)
    name_pinyin = models.CharField(max_length=120, default="", blank=True)
    title = models.CharField(max_length=40, default="", blank=True)
    duty_phone = models.CharField(max_length=24, default="", blank=True)


class Posting(Record):
    """任职: a person at a unit, for a time."""

    pii = Pii.STAFF

    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    post = models.CharField(max_length=24, choices=_choices(contracts.Post))
    is_full_time = models.BooleanField(default=True)
    is_accountable = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posting_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                fields=["unit"],
                name="posting_one_accountable",
                condition=Q(is_accountable=True, ends_on__isnull=True),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.post, node_path=self.unit.path)


class DutyPattern(Record):
    """A weekly seat on the roster of a unit: this posting, these weekdays, from ``starts`` for ``minutes``.

    A night seat crosses midnight: 20:00 for 720 minutes ends at 8:00 the next morning.
    """

    pii = Pii.STAFF

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="duty_patterns")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="duty_patterns")
    duty = models.CharField(max_length=24, choices=_choices(contracts.Duty))
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField()
    minutes = models.PositiveIntegerField()
    working_days_only = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="duty_minutes", condition=Q(minutes__gt=0, minutes__lte=1440)),
        ]
        indexes = [models.Index(fields=["unit", "duty"], name="duty_unit")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.duty, node_path=self.unit.path)


class DutyException(Record):
    """A dated change of the roster: off (leave, holiday) or on (cover)."""

    pii = Pii.STAFF

    posting = models.ForeignKey(Posting, models.CASCADE, related_name="duty_exceptions")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="duty_exceptions")
    duty = models.CharField(max_length=24, choices=_choices(contracts.Duty))
    is_on = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exception_order", condition=Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [models.Index(fields=["unit", "ends_at"], name="exception_unit")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.duty, node_path=self.unit.path)


class TaskForce(Record):
    """专班, with the unit its office sits in (R-131, R-134). Posts, not people."""

    pii = Pii.NONE

    name = models.CharField(max_length=80)
    area = models.ForeignKey(Unit, models.PROTECT, related_name="task_forces")
    office_seat = models.ForeignKey(Unit, models.PROTECT, related_name="seated_task_forces")
    duties = models.TextField(default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.area.path)


class WorkingGroup(Record):
    """One of the working groups of a task force (R-133)."""

    pii = Pii.NONE

    task_force = models.ForeignKey(TaskForce, models.CASCADE, related_name="groups")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    duties = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task_force", "code"], name="group_once")]


class TaskForcePost(Record):
    """A seat in the task force or a group, held by the office a body names, not by a person's name (R-132)."""

    pii = Pii.NONE

    task_force = models.ForeignKey(TaskForce, models.CASCADE, related_name="posts")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, null=True, related_name="posts")
    post = models.CharField(max_length=40)
    body = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="task_force_posts")
    body_post = models.CharField(max_length=60, default="", blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="force_post_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]
