"""The inner wall around messages."""

from django.db import migrations

from anxin.kernel.row_security import scoped


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("notices", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("notices_notice"),
    ]
