"""Writes of the network room, by topic. Plural verbs take many drafts in few statements, for imports and the demo."""
