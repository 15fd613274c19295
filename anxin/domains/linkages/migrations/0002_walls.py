"""The inner wall around linkages, the running clock under every one that waits, and a log that only grows."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through

# As under a case: a waiting row points at (deadline, true), so a commit that leaves it without a clock fails.
CLOCK = """
ALTER TABLE linkages_linkage ADD CONSTRAINT linkages_linkage_running_clock
  FOREIGN KEY (deadline_id, clock_running) REFERENCES deadlines_deadline (id, is_open)
  ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("linkages", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        # Not to the person: what must not be known to a guardian must not be seen with a child's account either.
        scoped("linkages_linkage", resident="NULL"),
        through("linkages_linkageentry", parent="linkages_linkage", key="linkage_id"),
        through("linkages_expertcall", parent="linkages_linkage", key="linkage_id"),
        append_only("linkages_linkageentry"),
        migrations.RunSQL(
            sql=CLOCK,
            reverse_sql="ALTER TABLE linkages_linkage DROP CONSTRAINT linkages_linkage_running_clock;",
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE linkages_number START 1001;", reverse_sql="DROP SEQUENCE linkages_number;"
        ),
    ]
