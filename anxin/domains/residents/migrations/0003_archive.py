"""A person written down twice can be pointed at the one that is kept, and people are found by a number they answer."""

import django.db.models.deletion
from django.db import migrations, models

# Neither key can be got around by a faster rival: a row that points at another is not kept, so nothing can point at it.
POINTER = """
ALTER TABLE residents_resident ADD CONSTRAINT resident_points_at_kept
  FOREIGN KEY (merged_into_id, points_at_kept) REFERENCES residents_resident (id, is_kept);
"""
# The owner is held by the forced wall too and would see no row.
CONTACT = """
ALTER TABLE residents_resident NO FORCE ROW LEVEL SECURITY;
UPDATE residents_resident SET contact_index = phone_index WHERE phone_index IS NOT NULL;
ALTER TABLE residents_resident FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Columns, and the constraint that models cannot express."""

    dependencies = [("residents", "0002_walls"), ("network", "0001_initial")]
    operations = [
        migrations.AddField("resident", "contact_index", models.CharField(max_length=64, null=True)),
        migrations.RunSQL(sql=CONTACT, reverse_sql=migrations.RunSQL.noop),
        migrations.AddField(
            "resident",
            "merged_into",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="residents.resident",
            ),
        ),
        migrations.AddField(
            "resident",
            "is_kept",
            models.GeneratedField(
                db_persist=True,
                expression=models.Q(("merged_into__isnull", True)),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            "resident",
            "points_at_kept",
            models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(merged_into__isnull=False, then=models.Value(True)), default=None
                ),
                output_field=models.BooleanField(null=True),
            ),
        ),
        migrations.AddIndex("resident", models.Index(fields=["contact_index"], name="resident_contact")),
        migrations.AddConstraint(
            "resident", models.UniqueConstraint(fields=("id", "is_kept"), name="resident_kept")
        ),
        migrations.RunSQL(
            sql=POINTER,
            reverse_sql="ALTER TABLE residents_resident DROP CONSTRAINT resident_points_at_kept;",
        ),
    ]
