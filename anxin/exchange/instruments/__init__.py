"""Instruments in and out: FHIR R4 Questionnaires, tables for spreadsheets, licensed texts.

Everything here turns an ``Instrument`` into another form, or another form into the plain data of a definition file.
Whether that data makes a sound definition is the instrument room's to say.
"""
