"""Writing: sittings of people themselves, interviews by staff, batteries, second looks."""
