"""The ledger by recipient and data kind, agreements on paper, and acts without consent with the wall around them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids
from anxin.kernel.row_security import through

# The owner is held by the forced wall too and would see no row to date.
DATE_WITHDRAWALS = """
ALTER TABLE residents_consent NO FORCE ROW LEVEL SECURITY;
UPDATE residents_consent SET withdrawn_by = 'self' WHERE withdrawn_at IS NOT NULL;
ALTER TABLE residents_consent FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Written against the ledger of 0001."""

    dependencies = [("residents", "0003_archive")]
    operations = [
        migrations.CreateModel(
            name="ActWithoutConsent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("life_in_danger", "LIFE_IN_DANGER"),
                            ("mandatory_report", "MANDATORY_REPORT"),
                            ("child_protection", "CHILD_PROTECTION"),
                            ("police", "POLICE"),
                        ],
                        max_length=20,
                    ),
                ),
                ("purpose", models.CharField(max_length=40)),
                ("recipient", models.CharField(blank=True, default="", max_length=80)),
                ("reason", anxin.kernel.crypto.EncryptedTextField()),
                ("acted_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("acted_by", models.CharField(max_length=120)),
                ("tell_by", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["resident", "-acted_at"], name="act_resident")],
                "constraints": [
                    models.CheckConstraint(name="act_without_consent_has_a_reason", condition=~Q(reason="")),
                    models.CheckConstraint(
                        name="act_without_consent_is_told",
                        condition=~Q(basis="life_in_danger") | Q(tell_by__isnull=False),
                    ),
                ],
            },
        ),
        through("residents_actwithoutconsent", parent="residents_resident", key="resident_id"),
        migrations.RemoveConstraint(model_name="consent", name="consent_once"),
        migrations.AddField(
            model_name="consent", name="child_assented", field=models.BooleanField(null=True)
        ),
        migrations.AddField(
            model_name="consent",
            name="data_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="recipient",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="consent",
            name="recorded_by",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(model_name="consent", name="signed_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="consent",
            name="withdrawn_by",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.RunSQL(sql=DATE_WITHDRAWALS, reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=Q(withdrawn_at__isnull=True),
                fields=("resident", "purpose", "recipient"),
                name="consent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at")) & ~Q(withdrawn_by="")),
                name="consent_withdrawn_after_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(signed_on__isnull=True, recorded_by="")
                | (Q(signed_on__isnull=False) & ~Q(recorded_by="")),
                name="consent_paper_has_a_writer",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(child_assented__isnull=True) | Q(given_by="guardian"),
                name="consent_assent_beside_a_guardian",
            ),
        ),
    ]
