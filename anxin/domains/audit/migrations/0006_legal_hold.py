"""Legal holds: added, lifted, never changed otherwise."""

from django.db import migrations, models

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids
from anxin.kernel.row_security import ledger

_LEDGER = """
REVOKE UPDATE, DELETE, TRUNCATE ON audit_legalhold FROM anxin_app, anxin_worker, anxin_intake;
GRANT UPDATE (lifted_at, lifted_by, lift_reason) ON audit_legalhold TO anxin_app, anxin_worker;
"""


class Migration(migrations.Migration):
    """One table, its wall, and its rights."""

    dependencies = [("audit", "0005_wall")]
    operations = [
        migrations.AlterModelManagers(name="auditevent", managers=[("trail", models.Manager())]),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("person_uid", models.CharField(max_length=36)),
                ("node_path", models.CharField(blank=True, default="", max_length=200)),
                ("reason", anxin.kernel.crypto.EncryptedTextField()),
                ("set_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("set_by", models.CharField(max_length=120)),
                ("set_by_uid", models.CharField(max_length=60)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=120)),
                ("lift_reason", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person_uid",),
                        name="legal_hold_once",
                    )
                ],
            },
        ),
        ledger("audit_legalhold", path="node_path", name="set_by_uid"),
        migrations.RunSQL(sql=_LEDGER, reverse_sql=migrations.RunSQL.noop),
    ]
