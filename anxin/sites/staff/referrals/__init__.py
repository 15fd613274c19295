"""转介 under ``/staff/referrals/``."""
