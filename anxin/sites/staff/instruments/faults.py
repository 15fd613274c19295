"""The faults the checks name, in the words of the reader. What no sentence here fits is shown as the check said it."""

import re
from functools import lru_cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_PLACES = (
    _("norm set %(set)s, scale %(scale)s"),
    _("norm set %(set)s"),
    _("critical rule %(rule)s"),
    _("flag %(rule)s"),
    _("classification %(rule)s, grade %(grade)s"),
    _("classification %(rule)s"),
    _("validity rule %(rule)s"),
    _("the branch to %(questions)s"),
    _("the follow-up %(name)s"),
    _("scale %(scale)s"),
    _("item %(item)s"),
    _("question %(item)s"),
    _("the opening question"),
)

_SENTENCES = (
    # the file as a whole, and the schema
    _("the key %(name)s stands twice at line %(line)s, column %(column)s"),
    _("a definition is a list of names with their values"),
    _("a character in it cannot be kept"),
    _("it is nested too deep"),
    _("cannot be read: its references make it endless or far too large: write them out"),
    _("%(place)s: %(value)s is no number"),
    _("cannot be read at line %(line)s, column %(column)s: %(why)s"),
    _("cannot be read: %(why)s"),
    _("%(place)s: %(name)s is a required property"),
    _("%(place)s: %(value)s is not one of %(known)s"),
    _("%(place)s: %(value)s does not match %(pattern)s"),
    _("%(place)s: %(value)s is not of type %(kind)s"),
    _("%(place)s: Additional properties are not allowed (%(name)s was unexpected)"),
    _("%(place)s: Additional properties are not allowed (%(name)s were unexpected)"),
    _("%(place)s: %(value)s has non-unique elements"),
    _("%(place)s: %(value)s should be non-empty"),
    _("%(place)s: %(value)s is too short"),
    _("%(place)s: %(value)s is less than the minimum of %(limit)s"),
    _("%(place)s: %(value)s is greater than the maximum of %(limit)s"),
    _("%(place)s: %(value)s was expected"),
    _("%(place)s: %(value)s is not valid under any of the given schemas"),
    _("%(place)s: %(value)s does not have enough properties"),
    _("%(place)s: %(name)s is a dependency of %(other)s"),
    _("provenance/key: the key is not verified, so nobody could be asked with it"),
    _("id: %(name)s is not lower-case letters, digits and hyphens"),
    # items and options
    _("items are numbered %(numbers)s, expected 1 to %(last)s in order"),
    _("reverse names item %(item)s, which does not exist"),
    _("an item uses the unknown option set %(name)s"),
    _("option set %(name)s is used by no item"),
    _("unscored items share a code"),
    _("%(where)s: a code is printed twice"),
    _("%(where)s: fewer than two options"),
    _("%(where)s is reversed and also says what its options count"),
    _("%(where)s: code %(code)s is both an option and the refusal"),
    _("%(where)s is written and cannot have options or be reversed"),
    _("%(where)s: the least answer %(low)s is above the greatest %(high)s"),
    _("%(where)s: the steps do not rise"),
    _("%(where)s: no step covers %(low)s up to %(high)s"),
    _("%(where)s: the step from %(low)s can never be reached"),
    _("%(where)s is in no scale and no rule"),
    _("%(where)s stands in the unknown section %(name)s"),
    _("items %(one)s and %(other)s have the same wording in %(language)s"),
    # scales
    _("the first scale must be 'total', or no_total must say why there is none"),
    _("no_total is given and there is a scale 'total'"),
    _("%(where)s is defined twice"),
    _("%(where)s has no items"),
    _("%(where)s takes its steps over either items or another scale"),
    _("%(where)s derives from other scales and cannot name items"),
    _("%(where)s names items that do not exist: %(items)s"),
    _("%(where)s counts an item twice"),
    _("%(where)s: at_least belongs to counting scales, and only to them"),
    _("%(where)s: thresholds belong to a count and name exactly its items"),
    _("%(where)s: steps belong to stepped scales, and only to them"),
    _("%(where)s: parts belong to a sum of scales, and only to it"),
    _("%(where)s: least_answered must be 1 to the number of its items, on a sum or a mean"),
    _("%(where)s takes a bed time, a rising time and the hours asleep"),
    _("%(where)s does not say what it derives from"),
    _("%(where)s adds a scale twice"),
    _("%(where)s derives from itself"),
    _("%(where)s derives from %(name)s, which is not defined"),
    _("%(where)s: item %(item)s reaches %(value)s always or never"),
    _("a partition names the unknown scale %(name)s"),
    _("item %(item)s is in both %(one)s and %(other)s, which share out %(whole)s"),
    _("item %(item)s of %(whole)s is in none of the scales that share it out"),
    _("item %(item)s is in %(one)s and not in %(whole)s"),
    # bands
    _("%(where)s: band %(band)s stands twice"),
    _("%(where)s: band %(band)s is empty"),
    _("%(where)s: band %(band)s starts at %(low)s and overlaps the one before it"),
    _("%(where)s: nothing covers %(low)s up to %(high)s"),
    _("%(where)s: band %(band)s can never be reached"),
    _("%(where)s: band %(band)s of a mean must end with 'below'"),
    _("%(where)s: the bands end at %(last)s, the score ends at %(high)s"),
    _("%(where)s: no age is from %(low)s to %(high)s"),
    _("%(where)s names the unknown scale %(name)s"),
    _("%(where)s has more than one default norm set for the same person"),
    _("two norm sets share an id"),
    # rules
    _("%(where)s stands twice"),
    _("%(where)s: severe_at %(code)s is never answered"),
    _("%(where)s would fire on a question nobody answered"),
    _("%(where)s names the unknown item %(item)s"),
    _("%(where)s names item %(item)s, which does not exist"),
    _("%(where)s: give either at_least or equals"),
    _("%(where)s can never fire on item %(item)s"),
    _("%(where)s fires on every answer to item %(item)s"),
    _("%(where)s can never be met: %(scale)s goes from %(low)s to %(high)s"),
    _("%(where)s is always met: %(scale)s goes from %(low)s to %(high)s"),
    _("%(where)s: item %(item)s never reaches %(value)s"),
    _("%(where)s asks for more items than it counts"),
    _("%(where)s asks for more groups than it has"),
    _("%(where)s asks for at least %(low)s and at most %(high)s items"),
    _("%(where)s depends on an answer that comes later"),
    _("%(where)s: item %(item)s cannot count %(value)s"),
    _("%(where)s: the grade %(grade)s stands twice"),
    _("%(where)s: the grade %(grade)s can never be reached"),
    _("%(where)s follows either a flag or a critical rule"),
    _("%(where)s follows the unknown flag %(rule)s"),
    _("%(where)s follows the unknown critical rule %(rule)s"),
    _("%(where)s is not in the library"),
    _("%(name)s would be followed by itself"),
    _("skip rule names the unknown item %(item)s"),
    _("skip rule on %(item)s names a code that is not printed"),
    _("skip rule on %(item)s skips an item that does not exist"),
    # offer and wording
    _("no age is from %(low)s to %(high)s"),
    _("a clinician's rating cannot be on the public channel"),
    _("disclosure is staff_only, and the public channel is open"),
    _("mode K has no wording to put before the public, and the public channel is open"),
    _("mode S3 is for professional channels, and the public channel is open"),
    _("mode S2 names its pack, and only mode S2 does"),
    _("mode K must not carry wording, and there is some in %(language)s"),
    _("wording in %(language)s is shown but its state is %(state)s"),
    _("wording in %(language)s differs from the text that was compared (sha256)"),
    _("wording in %(language)s lacks the items %(items)s"),
    _("wording in %(language)s is both compared with sources and our own translation"),
    _("a translation to %(language)s is named and there is no text in it"),
    _("the translation to %(language)s is approved without a named reviewer and a date"),
    _("the translation to %(language)s was approved by its own translator"),
    # licensed texts
    _("%(where)s has no words"),
    _("the options of question %(item)s have no words"),
    _("an option of question %(item)s has no words"),
    _("%(where)s has %(count)s options and words for %(given)s"),
    _("there is no question %(item)s"),
)


def worded(fault: str) -> str:
    """One fault in the language of the page."""
    found = _filled(_SENTENCES, fault)
    if found is None:
        return fault
    message, parts = found
    if "where" in parts:
        place = _filled(_PLACES, parts["where"])
        if place is not None:
            parts["where"] = gettext(place[0]) % place[1]
    return gettext(message) % parts


def all_worded(faults: tuple[str, ...]) -> list[str]:
    """All of them, in their order."""
    return [worded(fault) for fault in faults]


def _filled(messages: tuple[str, ...], text: str) -> tuple[str, dict[str, str]] | None:
    for message in messages:
        match = _pattern(message).fullmatch(text)
        if match:
            return message, match.groupdict()
    return None


@lru_cache(maxsize=256)
def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", message)
    spelled = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(spelled), re.DOTALL)
