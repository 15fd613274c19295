"""The times and limits of access outside the ordinary, as pages say them."""

from anxin.domains.access import api as access


def times_said() -> dict[str, int]:
    """The times of the data file, as pages say them."""
    found = access.limits()
    return {
        "window": int(found.window.total_seconds() // 60),
        "review_hours": int(found.review_within.total_seconds() // 3600),
        "confirmed": int(found.confirmed_for.total_seconds() // 60),
        "below_age": found.confirm_below_age,
    }
