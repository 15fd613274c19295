"""The inner wall around people."""

from django.db import migrations

from anxin.kernel.row_security import scoped, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("residents", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("residents_resident", resident="id"),
        through("residents_consent", parent="residents_resident", key="resident_id"),
        migrations.RunSQL(
            sql="CREATE SEQUENCE residents_number START 1001;", reverse_sql="DROP SEQUENCE residents_number;"
        ),
    ]
