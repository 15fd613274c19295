"""The inner wall around participants and all that is known of them; what was answered or decided only grows."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("campaigns", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("campaigns_participant"),
        scoped("campaigns_submission", resident="NULL"),
        scoped("campaigns_criticalsignal", resident="NULL"),
        scoped("campaigns_triage", resident="NULL"),
        through("campaigns_consentanswer", parent="campaigns_participant", key="participant_id"),
        through("campaigns_guardiantoken", parent="campaigns_participant", key="participant_id"),
        through("campaigns_submissionconflict", parent="campaigns_submission", key="submission_id"),
        through("campaigns_interview", parent="campaigns_triage", key="triage_id"),
        through("campaigns_supportplan", parent="campaigns_triage", key="triage_id"),
        append_only("campaigns_campaignentry"),
        append_only("campaigns_consentanswer"),
        append_only("campaigns_submission"),
        append_only("campaigns_submissionconflict"),
        append_only("campaigns_interview"),
        append_only("campaigns_supportplan"),
    ]
