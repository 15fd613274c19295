"""危机个案 Cases: the crisis case, its immutable status rows, assessments, assignment and closing.

Promises: a case is opened by a person, from an assessment; one open case per person; it always has a manager
and a running clock; it ends by the closing rules and a supervisor's approval.
"""
