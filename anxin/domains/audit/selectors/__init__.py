"""The reads of the audit room: the trail itself, and how its chain stands."""
