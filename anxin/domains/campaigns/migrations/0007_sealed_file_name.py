"""A file of names is often called by a name."""

from django.db import migrations

import anxin.kernel.crypto
from anxin.kernel.plain_columns import sealed


class Migration(migrations.Migration):
    """A sealed name is longer than what was typed."""

    dependencies = [("campaigns", "0006_intake_scope")]
    operations = [
        migrations.AlterField("rosterimport", "file_name", anxin.kernel.crypto.EncryptedTextField()),
        sealed("campaigns_rosterimport", "file_name"),
    ]
