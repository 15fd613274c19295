"""The inner wall around sittings; answers and score sheets only grow."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("assessments", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("assessments_sitting"),
        through("assessments_answerentry", parent="assessments_sitting", key="sitting_id"),
        through("assessments_scoresheet", parent="assessments_sitting", key="sitting_id"),
        append_only("assessments_answerentry"),
        append_only("assessments_scoresheet"),
    ]
