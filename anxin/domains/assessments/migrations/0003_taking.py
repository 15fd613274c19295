"""How a sitting is taken: by whom, for whom, in which battery, with which doubts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids
from anxin.kernel.row_security import append_only, scoped, through


class Migration(migrations.Migration):
    """Tables, then their walls."""

    dependencies = [
        ("assessments", "0002_walls"),
        ("network", "0001_initial"),
        ("residents", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Administration",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("staff_name", models.CharField(max_length=60)),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("agreed", "AGREED"),
                            ("guardian_agreed", "GUARDIAN_AGREED"),
                            ("crisis", "CRISIS"),
                        ],
                        max_length=20,
                    ),
                ),
                ("informant_name", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "informant_relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mother", "MOTHER"),
                            ("father", "FATHER"),
                            ("guardian", "GUARDIAN"),
                            ("grandparent", "GRANDPARENT"),
                            ("partner", "PARTNER"),
                            ("son_or_daughter", "SON_OR_DAUGHTER"),
                            ("teacher", "TEACHER"),
                            ("carer", "CARER"),
                            ("other", "OTHER"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("order_reason", models.TextField(blank=True, default="")),
                ("paper_on", models.DateField(null=True)),
                ("entered_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("differences", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="BatteryRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("battery", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=10)),
                ("parts", models.JSONField()),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "OPEN"), ("finished", "FINISHED"), ("stopped", "STOPPED")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("talked", "TALKED"), ("asked_again", "ASKED_AGAIN"), ("stands", "STANDS")],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField()),
                ("looked_at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="sitting",
            name="sitting_one_draft",
        ),
        migrations.AddField(
            model_name="answerentry",
            name="millis",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sitting",
            name="battery_part",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sitting",
            name="conduct",
            field=models.CharField(
                choices=[("online", "ONLINE"), ("interview", "INTERVIEW"), ("paper", "PAPER")],
                default="online",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="follows",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.sitting",
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="is_doubtful",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sitting",
            name="respondent",
            field=models.CharField(
                choices=[
                    ("self", "SELF"),
                    ("parent", "PARENT"),
                    ("teacher", "TEACHER"),
                    ("informant", "INFORMANT"),
                    ("clinician", "CLINICIAN"),
                ],
                default="self",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="answerentry",
            name="value",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="administration",
            name="checked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="administration",
            name="sitting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="administration",
                to="assessments.sitting",
            ),
        ),
        migrations.AddField(
            model_name="administration",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="batteryrun",
            name="resident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="residents.resident"
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="battery_run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sittings",
                to="assessments.batteryrun",
            ),
        ),
        migrations.AddIndex(
            model_name="sitting",
            index=models.Index(
                condition=models.Q(("is_doubtful", True)), fields=["submitted_at"], name="sitting_doubtful"
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("resident", "instrument", "conduct", "respondent"),
                name="sitting_one_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("battery_run__isnull", True), ("battery_part__isnull", False), _connector="OR"
                ),
                name="sitting_part_of_run",
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="sitting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="second_look",
                to="assessments.sitting",
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.staffmember"
            ),
        ),
        migrations.AddIndex(
            model_name="administration",
            index=models.Index(fields=["staff", "-id"], name="administration_staff"),
        ),
        migrations.AddConstraint(
            model_name="batteryrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="battery_run_end_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="batteryrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("resident", "battery"),
                name="battery_run_one_open",
            ),
        ),
        scoped("assessments_batteryrun"),
        through("assessments_administration", parent="assessments_sitting", key="sitting_id"),
        through("assessments_secondlook", parent="assessments_sitting", key="sitting_id"),
        append_only("assessments_secondlook"),
    ]
