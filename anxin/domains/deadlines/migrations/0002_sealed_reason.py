"""Why a clock was stopped is sealed: it is written about a person."""

from django.db import migrations

import anxin.kernel.crypto
from anxin.kernel.plain_columns import sealed


class Migration(migrations.Migration):
    """A sealed reason is longer than what was typed."""

    dependencies = [("deadlines", "0001_initial")]
    operations = [
        migrations.AlterField(
            "deadline", "pause_reason", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")
        ),
        sealed("deadlines_deadline", "pause_reason"),
    ]
