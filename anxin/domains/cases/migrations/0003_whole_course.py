"""The safety plan, follow-ups one by one, lowerings that wait, goals, tasks, conferences, reviews and covers."""

import django.db.models.deletion
from django.db import migrations, models

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_walls"),
        ("deadlines", "0002_sealed_reason"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="followups_owed",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="pace",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="stage_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="caseentry",
            name="once_uid",
            field=models.CharField(max_length=36, null=True),
        ),
        migrations.AddConstraint(
            model_name="caseentry",
            constraint=models.UniqueConstraint(
                fields=("case", "author_uid", "once_uid"), name="case_entry_once"
            ),
        ),
        migrations.CreateModel(
            name="CaseConference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("question", anxin.kernel.crypto.EncryptedTextField()),
                ("shared", models.JSONField(default=list)),
                ("called_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("called_by", models.CharField(max_length=120)),
                ("closes_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
                ("minutes", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conferences",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseGoal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("text", anxin.kernel.crypto.EncryptedTextField()),
                ("set_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "OPEN"), ("reached", "REACHED"), ("dropped", "DROPPED")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=120)),
                ("review_note", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goals", to="cases.case"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CasePlan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("content", anxin.kernel.crypto.EncryptedTextField()),
                ("author_kind", models.CharField(max_length=12)),
                ("author_uid", models.CharField(max_length=60)),
                ("author_label", models.CharField(max_length=120)),
                ("written_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CasePlanAgreement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("side", models.CharField(choices=[("person", "PERSON"), ("staff", "STAFF")], max_length=8)),
                (
                    "how",
                    models.CharField(
                        choices=[("online", "ONLINE"), ("face_to_face", "FACE_TO_FACE"), ("phone", "PHONE")],
                        max_length=16,
                    ),
                ),
                ("author_uid", models.CharField(max_length=60)),
                ("author_label", models.CharField(max_length=120)),
                ("agreed_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="cases.caseplan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseTask",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("text", anxin.kernel.crypto.EncryptedTextField()),
                ("due_on", models.DateField()),
                ("set_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("set_by", models.CharField(max_length=120)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, default="", max_length=120)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="cases.case"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.posting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConferenceSeat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("case_path", models.CharField(db_collation="C", max_length=200)),
                ("seat_path", models.CharField(db_collation="C", max_length=200)),
                ("case_number", models.CharField(max_length=20)),
                ("closes_at", models.DateTimeField()),
                ("shown", anxin.kernel.crypto.EncryptedTextField()),
                ("view", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("viewed_at", models.DateTimeField(null=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="cases.caseconference",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.posting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearningReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("told", anxin.kernel.crypto.EncryptedTextField()),
                ("opened_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("due_at", models.DateTimeField()),
                ("learnt", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("aftercare", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("finished_at", models.DateTimeField(null=True)),
                ("finished_by", models.CharField(blank=True, default="", max_length=120)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="cases.case"
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deadlines.deadline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManagerCover",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", anxin.kernel.crypto.EncryptedTextField()),
                ("arranged_by", models.CharField(max_length=120)),
                ("arranged_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("ended_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.posting"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.posting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseFollowUp",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("total", models.PositiveSmallIntegerField()),
                ("anchored_at", models.DateTimeField()),
                ("planned_at", models.DateTimeField()),
                ("opens_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "PLANNED"),
                            ("done", "DONE"),
                            ("missed", "MISSED"),
                            ("superseded", "SUPERSEDED"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "last_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "PHONE"),
                            ("sms", "SMS"),
                            ("chat", "CHAT"),
                            ("visit", "VISIT"),
                            ("family", "FAMILY"),
                            ("school", "SCHOOL"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("moved_because", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="followups", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")),
                        fields=("case", "number"),
                        name="case_followup_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_at__lte", models.F("planned_at")), ("planned_at__lte", models.F("due_at"))
                        ),
                        name="case_followup_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "planned")),
                            models.Q(
                                models.Q(("state", "planned"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="case_followup_end_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLowering",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("before", models.PositiveSmallIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("findings", models.JSONField()),
                ("summary", anxin.kernel.crypto.EncryptedTextField()),
                ("proposed_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "WAITING"),
                            ("confirmed", "CONFIRMED"),
                            ("declined", "DECLINED"),
                            ("lapsed", "LAPSED"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "asked",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lowerings", to="cases.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("case",), name="case_one_lowering"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__lt", models.F("before"))), name="case_lowering_lowers"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="case_lowering_two_people",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="caseplan",
            constraint=models.UniqueConstraint(fields=("case", "version"), name="case_plan_version"),
        ),
        migrations.AddConstraint(
            model_name="caseplanagreement",
            constraint=models.UniqueConstraint(fields=("plan", "side"), name="case_plan_agreed_once"),
        ),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)),
                fields=["owner", "due_on"],
                name="case_task_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="conferenceseat",
            constraint=models.UniqueConstraint(fields=("conference", "posting"), name="conference_seat_once"),
        ),
        migrations.AddConstraint(
            model_name="managercover",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="manager_cover_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="managercover",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting", models.F("by")), _negated=True), name="manager_cover_two"
            ),
        ),
    ]
