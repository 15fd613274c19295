"""The inner wall: the person and the officer's own path for a request, the officer alone for what is protective."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("rights", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("rights_subjectrequest"),
        through("rights_requestentry", parent="rights_subjectrequest", key="request_id"),
        append_only("rights_requestentry"),
        scoped("rights_protectedentry", resident="NULL"),
        through("rights_release", parent="rights_protectedentry", key="entry_id"),
        append_only("rights_release"),
        migrations.RunSQL(
            sql="CREATE SEQUENCE rights_number START 1001;", reverse_sql="DROP SEQUENCE rights_number;"
        ),
    ]
