"""Archives, their history and helpers, moves, merges, families and family doctors' contracts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0003_taking"),
        ("network", "0001_initial"),
        ("residents", "0004_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Archive",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("is_custody", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "OPEN"), ("restricted", "RESTRICTED"), ("closed", "CLOSED")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("retention_class", models.CharField(max_length=30)),
                ("retain_until", models.DateField(null=True)),
                ("opened_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "opened_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.unit",
                    ),
                ),
                (
                    "resident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArchiveEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("happened_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "OPENED"),
                            ("carer_added", "CARER_ADDED"),
                            ("carer_left", "CARER_LEFT"),
                            ("transfer_proposed", "TRANSFER_PROPOSED"),
                            ("transfer_declined", "TRANSFER_DECLINED"),
                            ("transferred", "TRANSFERRED"),
                            ("merged", "MERGED"),
                            ("unmerged", "UNMERGED"),
                            ("restricted", "RESTRICTED"),
                            ("released", "RELEASED"),
                            ("closed", "CLOSED"),
                            ("reopened", "REOPENED"),
                            ("household", "HOUSEHOLD"),
                            ("guardian_added", "GUARDIAN_ADDED"),
                            ("guardian_ended", "GUARDIAN_ENDED"),
                            ("contract_added", "CONTRACT_ADDED"),
                            ("doctor_asked", "DOCTOR_ASKED"),
                            ("guidance_returned", "GUIDANCE_RETURNED"),
                        ],
                        max_length=24,
                    ),
                ),
                ("author_kind", models.CharField(max_length=12)),
                ("author_uid", models.CharField(max_length=60)),
                ("author_label", models.CharField(max_length=120)),
                ("params", models.JSONField(default=dict)),
                ("note", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "archive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="archives.archive",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Carer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("since", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("until", models.DateTimeField(null=True)),
                (
                    "archive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carers",
                        to="archives.archive",
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
            name="DoctorContract",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("team_path", models.CharField(db_collation="C", max_length=200)),
                ("team", models.CharField(max_length=60)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("noted_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DoctorRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("instrument", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("guidance", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="archives.doctorcontract",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assessments.sitting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("name", anxin.kernel.crypto.EncryptedTextField()),
                ("phone", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("contact_index", models.CharField(max_length=64, null=True)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("head", "HEAD"),
                            ("spouse", "SPOUSE"),
                            ("child", "CHILD"),
                            ("parent", "PARENT"),
                            ("grandparent", "GRANDPARENT"),
                            ("sibling", "SIBLING"),
                            ("other", "OTHER"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "ground",
                    models.CharField(choices=[("minor", "MINOR"), ("adjudged", "ADJUDGED")], max_length=12),
                ),
                ("evidence", anxin.kernel.crypto.EncryptedTextField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.resident",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("address", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("noted_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("name", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("head", "HEAD"),
                            ("spouse", "SPOUSE"),
                            ("child", "CHILD"),
                            ("parent", "PARENT"),
                            ("grandparent", "GRANDPARENT"),
                            ("sibling", "SIBLING"),
                            ("other", "OTHER"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_head", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="archives.household",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="residents.resident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("duplicate_uid", models.CharField(max_length=36)),
                ("kept_uid", models.CharField(max_length=36)),
                ("duplicate_path", models.CharField(db_collation="C", max_length=200)),
                ("kept_path", models.CharField(db_collation="C", max_length=200)),
                ("crosses_units", models.BooleanField()),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "PROPOSED"),
                            ("confirmed", "CONFIRMED"),
                            ("declined", "DECLINED"),
                            ("undone", "UNDONE"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("reason", anxin.kernel.crypto.EncryptedTextField()),
                ("proposed_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_reason", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "duplicate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("archive_number", models.CharField(max_length=20)),
                ("from_path", models.CharField(db_collation="C", max_length=200)),
                ("to_path", models.CharField(db_collation="C", max_length=200)),
                ("is_asked_for", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "PROPOSED"),
                            ("accepted", "ACCEPTED"),
                            ("declined", "DECLINED"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("reason", anxin.kernel.crypto.EncryptedTextField()),
                ("proposed_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "archive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfers",
                        to="archives.archive",
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
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.unit"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.staffmember",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.unit"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="archive",
            index=models.Index(fields=["scope_path", "-id"], name="archive_scope"),
        ),
        migrations.AddIndex(
            model_name="archive",
            index=models.Index(fields=["unit", "-id"], name="archive_unit"),
        ),
        migrations.AddIndex(
            model_name="archive",
            index=models.Index(
                condition=models.Q(("status", "closed")), fields=["retain_until"], name="archive_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="archive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retain_until__isnull", False), ("status", "closed")),
                    models.Q(models.Q(("status", "closed"), _negated=True), ("retain_until__isnull", True)),
                    _connector="OR",
                ),
                name="archive_closed_is_dated",
            ),
        ),
        migrations.AddIndex(
            model_name="archiveentry",
            index=models.Index(fields=["archive", "-happened_at"], name="archive_entry"),
        ),
        migrations.AddIndex(
            model_name="carer",
            index=models.Index(
                condition=models.Q(("until__isnull", True)), fields=["posting"], name="carer_now"
            ),
        ),
        migrations.AddConstraint(
            model_name="carer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("archive", "posting"), name="carer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="carer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="carer_order",
            ),
        ),
        migrations.AddIndex(
            model_name="doctorcontract",
            index=models.Index(fields=["resident", "-starts_on"], name="doctor_resident"),
        ),
        migrations.AddConstraint(
            model_name="doctorcontract",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="doctor_contract_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="doctorrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("guidance", ""), ("returned_at__isnull", True), ("returned_by__isnull", True)),
                    models.Q(
                        models.Q(("guidance", ""), _negated=True),
                        ("returned_at__isnull", False),
                        ("returned_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="doctor_guidance_is_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="guardianship",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", True)), fields=["ward"], name="guardian_ward"
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "minor"), _negated=True), ("ends_on__isnull", False), _connector="OR"
                ),
                name="guardian_of_a_minor_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                ),
                name="guardian_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("guardian__isnull", True),
                    models.Q(("guardian", models.F("ward")), _negated=True),
                    _connector="OR",
                ),
                name="guardian_of_another",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["scope_path"], name="household_scope"),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True), ("resident__isnull", False)),
                fields=("resident",),
                name="household_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_head", True), ("left_at__isnull", True)),
                fields=("household",),
                name="household_one_head",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resident__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                ),
                name="household_member_is_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed"])),
                fields=("duplicate",),
                name="merge_one_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate", models.F("kept")), _negated=True), name="merge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("crosses_units", False),
                    ("decided_by__isnull", True),
                    ("state", "declined"),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="merge_two_people_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="merge_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), ("undone_by__isnull", False)),
                    models.Q(models.Q(("state", "undone"), _negated=True), ("undone_by__isnull", True)),
                    _connector="OR",
                ),
                name="merge_undone_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("archive",), name="transfer_one_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_unit", models.F("to_unit")), _negated=True),
                name="transfer_between_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")
                    ),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transfer_decided_by_somebody",
            ),
        ),
    ]
