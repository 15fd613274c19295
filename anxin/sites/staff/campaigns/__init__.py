"""Screening campaigns: planning, the day itself, triage, talks, plans, the report."""
