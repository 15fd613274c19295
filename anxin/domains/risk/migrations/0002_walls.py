"""The inner wall around warnings, the running clock under every open one, and logs that only grow."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through

# An open row points at (deadline, true); ending the deadline makes that pair vanish, so the commit fails unless another
# clock has taken over. Deferred, because one clock is replaced by the next within a transaction.
CLOCK = """
ALTER TABLE risk_warning ADD CONSTRAINT risk_warning_running_clock
  FOREIGN KEY (deadline_id, clock_running) REFERENCES deadlines_deadline (id, is_open)
  ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("risk", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("risk_evaluation", resident="NULL"),
        scoped("risk_contactrequest", resident="NULL"),
        scoped("risk_warning"),
        through("risk_warningentry", parent="risk_warning", key="warning_id"),
        through("risk_contactattempt", parent="risk_warning", key="warning_id"),
        through("risk_riskassessment", parent="risk_warning", key="warning_id"),
        through("risk_alarmrecord", parent="risk_warning", key="warning_id"),
        append_only("risk_alarmrecord"),
        append_only("risk_evaluation"),
        # Where its person belongs may change; what it found may not.
        migrations.RunSQL(
            sql="GRANT UPDATE (scope_path) ON risk_evaluation TO anxin_app, anxin_worker;",
            reverse_sql="REVOKE UPDATE (scope_path) ON risk_evaluation FROM anxin_app, anxin_worker;",
        ),
        append_only("risk_warningentry"),
        append_only("risk_contactattempt"),
        append_only("risk_riskassessment"),
        migrations.RunSQL(
            sql=CLOCK, reverse_sql="ALTER TABLE risk_warning DROP CONSTRAINT risk_warning_running_clock;"
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE risk_number START 1001;", reverse_sql="DROP SEQUENCE risk_number;"
        ),
    ]
