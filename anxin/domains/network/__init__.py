"""服务网络 Network: the division tree and the management tree, units, postings 任职, duty rosters, the task force.

Promises: every unit has one place in the management tree; who is on duty at a moment can always be asked. Refuses: a
second active city centre without a reason, a county centre without a host institution, therapy outside a medical unit.
"""
