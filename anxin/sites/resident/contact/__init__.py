"""联系方式: how I may be reached, and what was sent to me."""
