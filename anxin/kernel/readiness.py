"""What the parts of this process say about themselves, for ``/healthz``. Kept in memory: it dies with the process."""

_parts: dict[str, bool] = {}


def tell(part: str, is_ready: bool) -> None:
    """``part`` can do its work, or cannot."""
    _parts[part] = is_ready


def said() -> dict[str, bool]:
    """What was told last, by part."""
    return dict(_parts)
