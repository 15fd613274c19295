"""我的安全计划: the person reads, adds to and agrees to their safety plan, and may keep it on this phone."""
