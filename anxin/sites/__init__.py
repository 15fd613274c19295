"""Sites show. What people see, who is let in, and what is said when something is refused."""
