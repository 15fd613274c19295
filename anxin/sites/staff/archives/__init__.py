"""心理健康档案: the list, one archive with its timeline, beginning one, moves and merges."""
