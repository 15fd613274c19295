"""临时打开档案: the plea, the open record, the review; and the second step before a minor's answers and notes."""
