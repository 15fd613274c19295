"""The instrument room (量表库): what a questionnaire asks, how it is scored, what its author allows.

It knows versioned definitions: those shipped as files with the code, and those a city made, reviewed and published
itself; items, printed codes, keys, bands by norm set, critical items, licence and provenance; and the licensed texts
bound to keys whose words may not be shipped. It promises that the same answers under the same version give the same
score sheet for ever, that a missing answer never counts as nought, and that no wording is shown whose source was not
compared or whose permission has run out. It refuses to score with a key nobody verified, to publish what its own author
approved, and to change what was published. It keeps no answers: sittings belong to the assessments room.
"""
