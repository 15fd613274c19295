"""One more line an archive's history can have: a guardian was linked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The choices of the kind of an entry."""

    dependencies = [("archives", "0002_walls")]
    operations = [
        migrations.AlterField(
            model_name="archiveentry",
            name="kind",
            field=models.CharField(
                max_length=24,
                choices=[
                    ("opened", "OPENED"),
                    ("carer_added", "CARER_ADDED"),
                    ("carer_left", "CARER_LEFT"),
                    ("transfer_proposed", "TRANSFER_PROPOSED"),
                    ("transfer_declined", "TRANSFER_DECLINED"),
                    ("transferred", "TRANSFERRED"),
                    ("merged", "MERGED"),
                    ("unmerged", "UNMERGED"),
                    ("restricted", "RESTRICTED"),
                    ("released", "RELEASED"),
                    ("closed", "CLOSED"),
                    ("reopened", "REOPENED"),
                    ("household", "HOUSEHOLD"),
                    ("guardian_added", "GUARDIAN_ADDED"),
                    ("guardian_ended", "GUARDIAN_ENDED"),
                    ("guardian_linked", "GUARDIAN_LINKED"),
                    ("contract_added", "CONTRACT_ADDED"),
                    ("doctor_asked", "DOCTOR_ASKED"),
                    ("guidance_returned", "GUIDANCE_RETURNED"),
                ],
            ),
        ),
    ]
