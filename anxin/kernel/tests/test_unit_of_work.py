"""No scope, no rows."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_app_role_owns_nothing_and_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("anxin_app", False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'anxin_owner'"
        )
        assert cursor.fetchone() == (0,)
