"""数据导出: every file with rows about people is asked for, marked, perhaps approved, and taken once."""
