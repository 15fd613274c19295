"""测评 Assessments: sittings 一次作答, their answers and score sheets.

Promises: what a person told us is kept before anything else happens and never overwritten silently; a score sheet is
immutable and names the exact key it was made with; an anonymous run leaves a count and nothing else.
"""
