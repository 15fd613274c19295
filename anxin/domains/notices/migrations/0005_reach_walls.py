"""The inner wall around promises, wishes and receipts."""

from django.db import migrations

from anxin.kernel.row_security import scoped, through


class Migration(migrations.Migration):
    """Policies that models cannot express."""

    dependencies = [("notices", "0004_reach"), ("kernel", "0004_signed_scope")]
    operations = [
        scoped("notices_message"),
        scoped("notices_contactwish"),
        through("notices_receipt", parent="notices_notice", key="notice_id"),
    ]
