"""The permission table is whole, and the roles of the product are what it says."""

import pytest

from anxin.domains.access.library import load_roles
from tests.matrix.pair_world import every_permission
from tests.matrix.policy import LETTERS, SCOPES, acts, letters_of, matrix, may

# Rights that stand for no letter of a row: an office in the house, or a refinement of an act that is in the table.
WITHOUT_A_ROW = {
    "access.manage_tenant": "giving the three watching offices, a part of giving roles",
    "archives.count": "sums of archives, with the figures",
    "archives.merge": "joining two archives of one person; the row does not know duplicates",
    "rights.protect": "marking an entry that a guardian must not see",
    "workforce.manage": "the credentials of colleagues, with the accreditation of the station",
    "workforce.view": "as for managing them",
}


def test_every_cell_names_a_known_role_letters_and_one_scope() -> None:
    for kind, row in matrix()["objects"].items():
        assert row["built"] or row["subject"], kind
        assert row["source"].startswith(("roles.md 5.", "workflows.md 4.", "D: ")), kind
        for role, cell in row["cells"].items():
            letters, _, scope = cell.partition(" ")
            assert role in load_roles(), (kind, role)
            assert set(letters) <= LETTERS, (kind, role)
            assert scope in SCOPES, (kind, role)


@pytest.mark.parametrize("role", list(load_roles()))
def test_a_role_holds_the_rights_that_the_table_gives_and_no_other(role: str) -> None:
    if role in matrix()["by_ownership"]:
        assert not load_roles()[role].permissions
        return
    held = load_roles()[role].permissions & set(acts())
    given = {right for right in acts() if may(role, right)}
    assert held == given


def test_every_right_of_the_house_is_an_act_of_the_table_or_is_explained() -> None:
    assert set(every_permission()) == set(acts()) | set(WITHOUT_A_ROW)


def test_a_deviation_differs_from_its_row_and_says_why() -> None:
    by_name = {act.name: act for act in acts().values()}
    for one in matrix()["deviations"]:
        act = by_name[one["act"]]
        for role in one["roles"]:
            assert (act.letter in letters_of(act.object, role)) is not one["has"], (one["act"], role)
        assert one["roles"], one["act"]
        assert one["why"], one["act"]
