"""Who has how many cases, who is overdue; handing over many at once, and cover for leave."""
