"""Linkages (联动): what passes between this house and others: rescue, police, experts, mediation, reports.

Each record says who, when, which few facts, and when the other side answered; while it waits it has owner and clock.
"""
