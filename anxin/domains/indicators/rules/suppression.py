"""Small cells are merged, never shown as a hole that the total minus the rest would fill (roles.md 5.4)."""

from collections.abc import Mapping

from anxin.kernel.small_cells import keys_to_hide


def keys_to_merge(counts: Mapping[str, int], *, smallest: int) -> frozenset[str]:
    """Which of these are counted together. Nobody stands behind a zero, so zeros stay as they are.

    The merged ones are at least two and together reach ``smallest``; otherwise the next smallest join them.
    """
    return keys_to_hide(counts, smallest=smallest)
