"""The inner wall around conversations; messages only grow."""

from django.db import migrations

from anxin.kernel.row_security import append_only, scoped, through


class Migration(migrations.Migration):
    """Policies and constraints that models cannot express."""

    dependencies = [("conversations", "0001_initial"), ("kernel", "0001_roles")]
    operations = [
        scoped("conversations_thread"),
        through("conversations_message", parent="conversations_thread", key="thread_id"),
        append_only("conversations_message"),
    ]
