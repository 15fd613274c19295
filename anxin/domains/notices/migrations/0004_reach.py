"""Promises to reach somebody over several ways, wishes, receipts, and what messages cost."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anxin.kernel.clock
import anxin.kernel.crypto
import anxin.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0001_initial"),
        ("notices", "0003_lanes"),
        ("residents", "0004_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactWish",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                (
                    "refused",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                (
                    "agreed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("safe_channel", models.CharField(blank=True, default="", max_length=12)),
                ("safe_from", models.TimeField(null=True)),
                ("safe_until", models.TimeField(null=True)),
                ("email", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("wechat_openid", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
                ("wechat_left", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("template", models.CharField(max_length=40)),
                ("params", models.JSONField(default=dict)),
                ("lane", models.CharField(max_length=10)),
                ("ladder", models.CharField(blank=True, default="", max_length=30)),
                ("scope_path", models.CharField(db_collation="C", max_length=200)),
                ("subject_kind", models.CharField(blank=True, default="", max_length=20)),
                ("subject_uid", models.CharField(blank=True, default="", max_length=36)),
                ("state", models.CharField(default="trying", max_length=10)),
                ("course", models.JSONField(default=list)),
                ("promised_at", models.DateTimeField(default=anxin.kernel.clock.now)),
                ("step_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reached_by", models.CharField(blank=True, default="", max_length=12)),
                ("raised_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_how", models.CharField(blank=True, default="", max_length=12)),
                ("settled_note", anxin.kernel.crypto.EncryptedTextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="QuotaUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=12)),
                ("month", models.DateField()),
                ("used", models.PositiveIntegerField(default=0)),
                ("used_for_safety", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.CharField(
                        default=anxin.kernel.ids.new_uid, editable=False, max_length=36, unique=True
                    ),
                ),
                ("gateway", models.CharField(max_length=20)),
                ("event_id", models.CharField(max_length=80)),
                ("state", models.CharField(max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptCall",
            fields=[
                ("signature", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField(default=anxin.kernel.clock.now)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_waiting",
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_waiting_ordinary",
        ),
        migrations.AddField(
            model_name="notice",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="is_counted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="notice",
            name="provider_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="contactwish",
            name="resident",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="residents.resident"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="resident",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="residents.resident",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="staff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="network.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attempts",
                to="notices.message",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["resident", "queued_at"], name="notice_resident"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("channel__in", ("wechat", "sms", "voice", "email")),
                    ("lane", "prompt"),
                    ("outcome__in", ("queued", "sending")),
                ),
                fields=["queued_at", "id"],
                name="notice_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("channel__in", ("wechat", "sms", "voice", "email")),
                    ("lane", "ordinary"),
                    ("outcome__in", ("queued", "sending")),
                ),
                fields=["queued_at", "id"],
                name="notice_waiting_ordinary",
            ),
        ),
        migrations.AddField(
            model_name="quotause",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="network.unit"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="notices.notice"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "trying")), fields=["step_at", "id"], name="message_step"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "unreached")),
                fields=["scope_path", "ended_at"],
                name="message_unreached",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "trying"), ("step_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "trying"), _negated=True),
                        ("ended_at__isnull", False),
                        ("step_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="message_trying_has_a_next_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "settled"), _negated=True),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="message_settled_by_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotause",
            constraint=models.UniqueConstraint(fields=("unit", "channel", "month"), name="quota_use_once"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("gateway", "event_id"), name="receipt_once"),
        ),
    ]
