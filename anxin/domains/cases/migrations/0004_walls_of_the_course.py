"""The walls around everything a case has gathered besides its notes."""

from django.db import migrations

from anxin.kernel.row_security import append_only, shared, through

_BESIDE_THE_CASE = (
    "cases_caselowering",
    "cases_casefollowup",
    "cases_caseplan",
    "cases_casegoal",
    "cases_casetask",
    "cases_caseconference",
    "cases_learningreview",
)


class Migration(migrations.Migration):
    """Policies, and the rows that only grow."""

    dependencies = [("cases", "0003_whole_course"), ("kernel", "0004_signed_scope")]
    operations = [
        *(through(table, parent="cases_case", key="case_id") for table in _BESIDE_THE_CASE),
        through("cases_caseplanagreement", parent="cases_caseplan", key="plan_id"),
        # A member of a conference sees their seat, with what was put on it, and not the conference or the case.
        shared("cases_conferenceseat", paths=("case_path", "seat_path")),
        append_only("cases_caseplan"),
        append_only("cases_caseplanagreement"),
    ]
