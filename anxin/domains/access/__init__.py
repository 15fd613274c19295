"""权限 Access: roles as data, granted at a node of the management tree for a time; who the frozen Actor is.

Promises: rights are what the grants say and nothing else; the default is no.
"""
