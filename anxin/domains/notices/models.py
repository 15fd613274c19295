"""The promises to reach somebody, the attempts, how people may be reached, and what it costs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record

_CARRIED = Q(channel__in=("wechat", "sms", "voice", "email"))
_WAITS = Q(outcome__in=("queued", "sending"))


class Message(Record):
    """The promise to reach one person about one thing, by whatever way works. It never ends silently.

    ``course`` says in codes which ways were tried or passed over, when and why. An unreached one stays on the list
    until a person settled it; one that cannot wait was also given to the next colleague (``raised_at``).
    """

    pii = Pii.PERSONAL

    key = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    lane = models.CharField(max_length=10)
    ladder = models.CharField(max_length=30, default="", blank=True)
    staff = models.ForeignKey("network.StaffMember", models.CASCADE, null=True, related_name="+")
    resident = models.ForeignKey("residents.Resident", models.CASCADE, null=True, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    subject_kind = models.CharField(max_length=20, default="", blank=True)
    subject_uid = models.CharField(max_length=36, default="", blank=True)
    state = models.CharField(max_length=10, default="trying")
    course = models.JSONField(default=list)
    promised_at = models.DateTimeField(default=clock.now)
    step_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reached_by = models.CharField(max_length=12, default="", blank=True)
    raised_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    settled_how = models.CharField(max_length=12, default="", blank=True)
    settled_note = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_trying_has_a_next_step",
                condition=Q(state="trying", step_at__isnull=False, ended_at__isnull=True)
                | (~Q(state="trying") & Q(step_at__isnull=True, ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="message_settled_by_a_person",
                condition=~Q(state="settled") | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["step_at", "id"], name="message_step", condition=Q(state="trying")),
            models.Index(
                fields=["scope_path", "ended_at"], name="message_unreached", condition=Q(state="unreached")
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        person = self.resident.uid if self.resident_id and self.resident else ""
        return Subject(uid=self.uid, number=self.template, node_path=self.scope_path, person_uid=person)


class Notice(Record):
    """One attempt: one message to one person through one channel. Its ``uid`` is its key at the provider."""

    pii = Pii.PERSONAL

    key = models.CharField(max_length=120, unique=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attempts")
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    channel = models.CharField(max_length=12)
    staff = models.ForeignKey("network.StaffMember", models.CASCADE, null=True, related_name="+")
    resident = models.ForeignKey("residents.Resident", models.CASCADE, null=True, related_name="+")
    # Somebody without an archive, and a word that must not lie open in a table: both are gone once it was sent.
    phone = EncryptedTextField(default="", blank=True)
    secret = EncryptedTextField(default="", blank=True)
    lane = models.CharField(max_length=10, default="prompt")
    scope_path = models.CharField(max_length=200, db_collation="C")
    queued_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=20, default="", blank=True)
    provider_number = models.CharField(max_length=80, default="", db_default="", blank=True)
    is_counted = models.BooleanField(default=False, db_default=False)
    outcome = models.CharField(max_length=20, default="queued")
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "read_at"], name="notice_staff"),
            models.Index(fields=["resident", "queued_at"], name="notice_resident"),
            models.Index(
                fields=["queued_at", "id"],
                name="notice_waiting",
                condition=_CARRIED & Q(lane="prompt") & _WAITS,
            ),
            models.Index(
                fields=["queued_at", "id"],
                name="notice_waiting_ordinary",
                condition=_CARRIED & Q(lane="ordinary") & _WAITS,
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.template, node_path=self.scope_path)


class ContactWish(Record):
    """How one person may be reached, as they or a colleague for them said. No row: by phone, and in the list here."""

    pii = Pii.PERSONAL

    resident = models.OneToOneField("residents.Resident", models.CASCADE, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    refused = ArrayField(models.CharField(max_length=12), default=list)
    agreed = ArrayField(models.CharField(max_length=12), default=list)
    safe_channel = models.CharField(max_length=12, default="", blank=True)
    safe_from = models.TimeField(null=True)
    safe_until = models.TimeField(null=True)
    email = EncryptedTextField(default="", blank=True)
    wechat_openid = EncryptedTextField(default="", blank=True)
    # One subscription of the person buys exactly one message there.
    wechat_left = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path, person_uid=self.resident.uid)


class Receipt(Record):
    """What a provider reported of one attempt. A repeated report is the same row; it is forgotten with the attempt."""

    pii = Pii.PERSONAL

    gateway = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="receipts")
    state = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="receipt_once")]


class ReceiptCall(models.Model):
    """The signature of one call of a provider, kept while its time is believed: the same call is not taken twice."""

    pii = Pii.NONE

    signature = models.CharField(max_length=64, primary_key=True)
    received_at = models.DateTimeField(default=clock.now)


class QuotaUse(models.Model):
    """What one unit handed over on one channel in one month. Sums only."""

    pii = Pii.NONE

    unit = models.ForeignKey("network.Unit", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12)
    month = models.DateField()
    used = models.PositiveIntegerField(default=0)
    used_for_safety = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "channel", "month"], name="quota_use_once")]
