"""What staff write about a sitting is sealed."""

from django.db import migrations

import anxin.kernel.crypto
from anxin.kernel.plain_columns import sealed


class Migration(migrations.Migration):
    """The columns are of the same type as before."""

    dependencies = [("assessments", "0003_taking")]
    operations = [
        sealed("assessments_administration", "order_reason"),
        sealed("assessments_secondlook", "note"),
        migrations.AlterField(
            "administration", "order_reason", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")
        ),
        migrations.AlterField("secondlook", "note", anxin.kernel.crypto.EncryptedTextField()),
    ]
