"""The inner wall around referrals, the running clock under every open one, and a log that only grows."""

from django.db import migrations

from anxin.kernel.row_security import append_only, shared, through

# As under a case: an open row points at (deadline, true), so a commit that leaves it without a clock fails.
CLOCK = """
ALTER TABLE referrals_referral ADD CONSTRAINT referrals_referral_running_clock
  FOREIGN KEY (deadline_id, clock_running) REFERENCES deadlines_deadline (id, is_open)
  ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("referrals", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        shared("referrals_referral", paths=("from_path", "to_path"), resident="resident_id"),
        shared("referrals_referralevidence", paths=("from_path", "open_path"), resident="resident_id"),
        through("referrals_referralentry", parent="referrals_referral", key="referral_id"),
        append_only("referrals_referralentry"),
        migrations.RunSQL(
            sql=CLOCK,
            reverse_sql="ALTER TABLE referrals_referral DROP CONSTRAINT referrals_referral_running_clock;",
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE referrals_number START 1001;", reverse_sql="DROP SEQUENCE referrals_number;"
        ),
    ]
