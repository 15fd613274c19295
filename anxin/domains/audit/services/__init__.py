"""The writes of the audit room: recording, sealing, checking, keeping and shredding."""
