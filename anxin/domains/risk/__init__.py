"""监测预警 Risk: rule sets, evaluations, warnings and everything people write on them.

Promises: an open warning has an owner and a running clock, in the database and on the screen; it ends only in
a recorded human decision; a level never falls silently. Refuses: to close a high warning without an
assessment by a competent person and a second signature.
"""
