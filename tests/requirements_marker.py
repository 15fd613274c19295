"""``@requirement("R-059")``: this test proves that promise. ``anxin trace`` counts only what passed in the last run."""

import pytest


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Mark a test with the requirements it proves."""
    return pytest.mark.requirement(*ids)
