"""Messages that may wait go their own way, so that ten thousand of them never stand before one that may not."""

from django.db import migrations, models

import anxin.kernel.crypto


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="phone",
            field=anxin.kernel.crypto.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="notice",
            name="secret",
            field=anxin.kernel.crypto.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="notice", name="lane", field=models.CharField(default="prompt", max_length=10)
        ),
        migrations.RemoveIndex(model_name="notice", name="notice_waiting"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("channel", "sms"), ("lane", "prompt"), ("outcome__in", ("queued", "sending"))
                ),
                fields=["queued_at", "id"],
                name="notice_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("channel", "sms"), ("lane", "ordinary"), ("outcome__in", ("queued", "sending"))
                ),
                fields=["queued_at", "id"],
                name="notice_waiting_ordinary",
            ),
        ),
    ]
