"""我的: my records, who looked at them, what I agreed to."""
