"""The door of the campaigns room."""

__all__: list[str] = []
