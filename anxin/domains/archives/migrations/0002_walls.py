"""The inner wall around archives and families, what two units see of a move, and a history that only grows."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, shared, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("archives", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("archives_archive"),
        through("archives_archiveentry", parent="archives_archive", key="archive_id"),
        through("archives_carer", parent="archives_archive", key="archive_id"),
        shared("archives_transfer", paths=("from_path", "to_path")),
        shared("archives_merge", paths=("kept_path", "duplicate_path")),
        scoped("archives_household", resident="NULL"),
        through("archives_householdmember", parent="archives_household", key="household_id"),
        scoped("archives_guardianship", resident="ward_id"),
        shared("archives_doctorcontract", paths=("scope_path", "team_path"), resident="resident_id"),
        through("archives_doctorrequest", parent="archives_doctorcontract", key="contract_id"),
        append_only("archives_archiveentry"),
        migrations.RunSQL(
            sql="CREATE SEQUENCE archives_number START 1001;", reverse_sql="DROP SEQUENCE archives_number;"
        ),
    ]
