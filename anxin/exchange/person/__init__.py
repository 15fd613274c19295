"""A person's own file: everything kept about them, as JSON that reads back to the same file, and as FHIR R4."""
