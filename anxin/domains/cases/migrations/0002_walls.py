"""The inner wall around cases, the running clock under every open one, and logs that only grow."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through

# An open row points at (deadline, true); ending the deadline makes that pair vanish, so the commit fails unless another
# clock has taken over. Deferred, because one clock is replaced by the next within a transaction.
CLOCK = """
ALTER TABLE cases_case ADD CONSTRAINT cases_case_running_clock
  FOREIGN KEY (deadline_id, clock_running) REFERENCES deadlines_deadline (id, is_open)
  ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("cases", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("cases_case"),
        through("cases_casewarning", parent="cases_case", key="case_id"),
        through("cases_casestatus", parent="cases_case", key="case_id"),
        through("cases_caseentry", parent="cases_case", key="case_id"),
        through("cases_caseassessment", parent="cases_case", key="case_id"),
        append_only("cases_casestatus"),
        append_only("cases_caseentry"),
        append_only("cases_caseassessment"),
        migrations.RunSQL(
            sql=CLOCK, reverse_sql="ALTER TABLE cases_case DROP CONSTRAINT cases_case_running_clock;"
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE cases_number START 1001;", reverse_sql="DROP SEQUENCE cases_number;"
        ),
    ]
