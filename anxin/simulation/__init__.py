"""A year of a county, lived by the real service: its database, its rules and flows, under a clock that jumps.

Nothing imports it but the command line. It invents the county, what people tell and how staff behave, and writes down
what the service did with it; whether a warning was ever without owner is asked of those lines, not of the service.
"""
