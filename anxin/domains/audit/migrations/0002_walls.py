"""The trail only grows."""

from django.db import migrations

from anxin.kernel.row_security import append_only


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("audit", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        append_only("audit_auditevent"),
    ]
