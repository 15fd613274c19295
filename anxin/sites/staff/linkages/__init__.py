"""联动 under ``/staff/linkages/``."""
