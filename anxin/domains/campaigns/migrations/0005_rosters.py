"""What bringing in rosters adds: where a row came from, places of faults, tries at the door."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_course")]

    operations = [
        migrations.CreateModel(
            name="EntryFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("device", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["code", "at"], name="entry_failure_code"),
                    models.Index(fields=["device", "at"], name="entry_failure_device"),
                ],
            },
        ),
        migrations.AddField(
            model_name="participant",
            name="roster",
            field=models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=models.deletion.SET_NULL,
                related_name="+",
                to="campaigns.rosterimport",
            ),
        ),
        migrations.AddField(
            model_name="participant", name="roster_row", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="rosterfault",
            name="sheet",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="rosterfault",
            name="detail",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="rosterimport",
            name="failure_detail",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(model_name="rosterimport", name="columns", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="rosterimport", name="has_marked_file", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "reading"])),
                fields=("campaign", "file_sha256"),
                name="roster_file_once_at_a_time",
            ),
        ),
    ]
