"""The instrument room (量表库): what a questionnaire asks, how it is scored, what its author allows.

It knows versioned definitions, shipped as files with the code: items, printed codes, keys, bands by norm set,
critical items, licence and provenance. It promises that the same answers under the same version give the same
score sheet, that a missing answer never counts as nought, and that no wording is shown whose source was not
compared. It refuses to score with a key nobody verified, and it stores nothing: sittings and answers belong
to the assessments room.
"""
