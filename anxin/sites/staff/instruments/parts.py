"""The parts of the edit form, in their order."""

from anxin.sites.staff.instruments.part import Part
from anxin.sites.staff.instruments.part_content import BasicsPart, WordsPart
from anxin.sites.staff.instruments.part_scoring import BandsPart, CriticalPart, ScoringPart
from anxin.sites.staff.instruments.part_terms import AdvancedPart, TermsPart

PARTS: dict[str, type[Part]] = {
    part.key: part
    for part in (BasicsPart, WordsPart, ScoringPart, BandsPart, CriticalPart, TermsPart, AdvancedPart)
}
