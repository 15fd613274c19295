"""What the course of a campaign adds: history with hashes, running clocks, second readings, drafts of worksheets."""

import django.db.models.deletion
from django.db import migrations, models

import anxin.domains.campaigns.contracts
import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids
from anxin.kernel.row_security import append_only, through

# As for a case: an open row points at (deadline, true), and the commit fails when that clock ended without a successor.
CLOCK = """
ALTER TABLE campaigns_triage ADD CONSTRAINT campaigns_triage_running_clock
  FOREIGN KEY (deadline_id, clock_running) REFERENCES deadlines_deadline (id, is_open)
  ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Columns, two tables, their walls and the composite foreign key of the clock."""

    dependencies = [
        ("campaigns", "0003_intake"),
        ("deadlines", "0001_initial"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("agrees", models.BooleanField()),
                ("note", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorksheetDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", anxin.kernel.crypto.EncryptedTextField()),
                ("saved_at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
        ),
        migrations.AddField(
            model_name="campaign",
            name="age_max",
            field=models.PositiveSmallIntegerField(default=120),
        ),
        migrations.AddField(
            model_name="campaign",
            name="age_min",
            field=models.PositiveSmallIntegerField(default=18),
        ),
        migrations.AddField(
            model_name="campaign",
            name="names_taken_off_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="names_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="row_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="campaignentry",
            name="after_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="campaignentry",
            name="before_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="criticalsignal",
            name="attended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="criticalsignal",
            name="attended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="interview",
            name="outcome",
            field=models.CharField(
                choices=[("held", "HELD"), ("declined", "DECLINED"), ("not_reached", "NOT_REACHED")],
                default=anxin.domains.campaigns.contracts.InterviewOutcome["HELD"],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="triage",
            name="clock_running",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="triage",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="triage",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="triage",
            name="deadline",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deadlines.deadline",
            ),
        ),
        migrations.AddField(
            model_name="triage",
            name="row_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="triage",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="triage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("clock_running__isnull", True),
                        ("deadline__isnull", True),
                        ("settled_at__isnull", False),
                    ),
                    models.Q(
                        ("clock_running__isnull", True),
                        ("confirmed", ""),
                        ("deadline__isnull", True),
                        ("proposed", "0"),
                        ("settled_at__isnull", True),
                    ),
                    models.Q(
                        ("clock_running", True),
                        ("clock_running__isnull", False),
                        ("deadline__isnull", False),
                        ("settled_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="triage_open_has_clock",
            ),
        ),
        migrations.AddField(
            model_name="secondreading",
            name="interview",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_reading",
                to="campaigns.interview",
            ),
        ),
        migrations.AddField(
            model_name="secondreading",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="secondreading",
            name="triage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_readings",
                to="campaigns.triage",
            ),
        ),
        migrations.AddField(
            model_name="worksheetdraft",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="worksheetdraft",
            name="triage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="campaigns.triage"
            ),
        ),
        migrations.AddConstraint(
            model_name="worksheetdraft",
            constraint=models.UniqueConstraint(fields=("triage", "staff"), name="worksheet_draft_once"),
        ),
        through("campaigns_secondreading", parent="campaigns_triage", key="triage_id"),
        through("campaigns_worksheetdraft", parent="campaigns_triage", key="triage_id"),
        append_only("campaigns_secondreading"),
        migrations.RunSQL(
            sql=CLOCK,
            reverse_sql="ALTER TABLE campaigns_triage DROP CONSTRAINT campaigns_triage_running_clock;",
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE campaigns_number START 101;", reverse_sql="DROP SEQUENCE campaigns_number;"
        ),
    ]
