"""Where a change of keys has come to, column by column."""

from django.db import migrations, models

import anxin.kernel.clock


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("kernel", "0002_tables")]
    operations = [
        migrations.CreateModel(
            name="KeyRotationStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("column", models.CharField(max_length=120)),
                ("target", models.CharField(max_length=20)),
                ("last_key", models.CharField(default="", max_length=60)),
                ("changed", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("column", "target"), name="key_rotation_step_once")
                ],
            },
        ),
    ]
