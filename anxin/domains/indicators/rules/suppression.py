"""Small cells are merged, never shown as a hole that the total minus the rest would fill (roles.md 5.4)."""

from collections.abc import Mapping


def keys_to_merge(counts: Mapping[str, int], *, smallest: int) -> frozenset[str]:
    """Which of these are counted together. Nobody stands behind a zero, so zeros stay as they are.

    The merged ones are at least two and together reach ``smallest``; otherwise the next smallest join them.
    """
    ordered = sorted((key for key, value in counts.items() if value), key=lambda key: (counts[key], key))
    merged = [key for key in ordered if counts[key] < smallest]
    if not merged:
        return frozenset()
    for key in ordered[len(merged) :]:
        if len(merged) > 1 and sum(counts[one] for one in merged) >= smallest:
            break
        merged.append(key)
    return frozenset(merged)
