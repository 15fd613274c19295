"""Every address of the house, and what of the permission table it opens.

A page that is not here fails the matrix and says so. ``rights`` names what a role must hold, all of them; ``any_of``
one of them. ``kind`` is the record in the address; ``reach`` how far a right carries there. ``may_miss``: whoever may
open it can still be told that there is nothing for them (no figures yet, no talk on this warning); everybody else is
refused.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from anxin.sites.staff.words import FINDINGS


class Reach(StrEnum):
    """How far a right reaches.

    ``TREE``: the node and everything below. ``CLIMBED``: below only what came up to it. ``HELD``: only who has it in
    hand, which of these records is nobody who asks.
    """

    TREE = "tree"
    CLIMBED = "climbed"
    ANYWHERE = "anywhere"
    PUBLIC = "public"
    STAFF = "staff"
    RESIDENT = "resident"
    OWN = "own"
    HELD = "held"


@dataclass(frozen=True)
class Page:
    """One address and method."""

    name: str
    reach: Reach
    rights: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    kind: str = ""
    method: str = "GET"
    body: dict[str, Any] = field(default_factory=dict)
    may_miss: bool = False


ASSESSMENT: dict[str, Any] = {
    "level": "3",
    "summary": "当面谈过。",
    "seen_version": "1",
    **dict.fromkeys(FINDINGS, "unknown"),
}
DECISION = {"decision": "approve", "reason": "用途清楚"}
NOTE = {"reason": "已看过记录", "seen_version": "1"}
_SEES = (
    "campaigns.plan",
    "campaigns.review",
    "campaigns.run",
    "campaigns.interview",
    "campaigns.view_report",
)
_WORKS = _SEES[:4]
_LIBRARY = ("instruments.view", "instruments.edit", "instruments.review", "instruments.publish")


def _warnings() -> list[Page]:
    see = [("warning", "GET"), ("warning-reveal", "POST")]
    acts: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
        ("warning-take-over", ("risk.act",), {}),
        ("warning-join", ("risk.act",), {}),
        ("warning-contact", ("risk.act",), {"channel": "phone", "outcome": "no_answer", "note": "响了很久"}),
        ("warning-assess", ("risk.assess",), ASSESSMENT),
        ("warning-end", ("risk.act",), {"ending": "watch", "reason": "继续关注"}),
        ("warning-sign", ("risk.sign",), NOTE),
        ("warning-decline", ("risk.sign",), NOTE),
    ]
    return [
        *(
            # Who may see a warning and not whom it is about gets the page without the name, or nothing.
            Page(
                f"staff:{name}",
                Reach.CLIMBED,
                ("risk.view",),
                kind=kind,
                method=method,
                may_miss=method == "POST",
            )
            for name, method in see
            for kind in ("warning", "climbed warning")
        ),
        *(
            Page(f"staff:{name}", Reach.CLIMBED, ("risk.view",), kind=kind, method=method, may_miss=True)
            for name, method in (
                ("warning-merge", "POST"),
                ("warning-chat", "GET"),
                ("warning-chat", "POST"),
                ("warning-chat-lines", "GET"),
            )
            for kind in ("warning", "climbed warning")
        ),
        *(
            Page(f"staff:{name}", Reach.CLIMBED, ("risk.view", *rights), kind=kind, method="POST", body=body)
            for name, rights, body in acts
            for kind in ("warning", "climbed warning")
        ),
    ]


def _cases() -> list[Page]:
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("case-entry", "cases.write", {"kind": "note", "note": "一切照旧", "seen_version": "1"}),
        ("case-assess", "cases.write", ASSESSMENT),
        ("case-state", "cases.write", {"state": "intervening", "note": "已约谈", "seen_version": "1"}),
    ]
    return [
        Page("staff:cases", Reach.ANYWHERE, ("cases.view",)),
        Page("staff:case", Reach.TREE, ("cases.view",), kind="case"),
        Page("staff:case-reveal", Reach.TREE, ("cases.view",), kind="case", method="POST", may_miss=True),
        # Handing over and ending ask for their right after their form; a form that is not whole comes back with 422.
        *(
            Page(f"staff:{name}", Reach.TREE, ("cases.view", right), kind="case", method="POST", body=body)
            for name, right, body in acts
        ),
        Page("staff:case-assign", Reach.TREE, ("cases.view",), kind="case", method="POST"),
        Page(
            "staff:case-close",
            Reach.TREE,
            ("cases.view", "cases.close"),
            kind="case",
            method="POST",
            body={"ending": "closed", "reason": "目标达到", "goals": "on", "seen_version": "1"},
        ),
        *_beside_cases(),
    ]


def _beside_cases() -> list[Page]:
    """What stands beside the timeline, the seats of conferences, and the board of who has how many."""
    see, write = ("cases.view",), ("cases.view", "cases.write")
    plan = {"base_version": "0", "signs": "睡不着", "who_to_ask": "姐姐"}
    acts: list[tuple[str, str, dict[str, Any], bool]] = [
        ("case-plan", "case", plan, False),
        ("case-plan-agree", "case", {"version": "1"}, False),
        ("case-goal", "case", {"text": "睡好"}, False),
        ("case-goal-review", "case goal", {"state": "open"}, True),
        ("case-task-done", "case task", {}, True),
        ("case-confirm", "case lowering", {}, False),
        ("case-decline", "case lowering", {"reason": "再看看"}, False),
        ("case-conference-end", "case conference", {"minutes": "一起看过"}, True),
    ]
    return [
        *(
            Page(f"staff:{name}", Reach.TREE, see, kind="case")
            for name in ("case-kept", "case-plan", "case-conference")
        ),
        *(
            Page(f"staff:{name}", Reach.TREE, write, kind=kind, method="POST", body=body, may_miss=may_miss)
            for name, kind, body, may_miss in acts
        ),
        # These ask for their right after their form; a form that is not whole comes back with 422.
        *(
            Page(f"staff:{name}", Reach.TREE, see, kind="case", method="POST")
            for name in ("case-task", "case-followup", "case-conference")
        ),
        *(
            Page("staff:case-review", Reach.TREE, ("cases.close",), kind="case", method=method, may_miss=True)
            for method in ("GET", "POST")
        ),
        Page("staff:case-seats", Reach.STAFF),
        *(Page("staff:case-seat", Reach.HELD, kind="seat", method=method) for method in ("GET", "POST")),
        Page("staff:workload", Reach.ANYWHERE, ("cases.assign",)),
        Page("staff:workload-colleague", Reach.TREE, ("cases.assign",), kind="manager"),
        *(
            Page(
                f"staff:{name}",
                Reach.TREE,
                ("cases.assign",),
                kind="manager",
                method="POST",
                may_miss=name == "workload-cover-end",
            )
            for name in ("workload-reassign", "workload-cover", "workload-cover-end")
        ),
    ]


def _people() -> list[Page]:
    ask, read = ("assessments.administer",), ("assessments.read_result",)
    return [
        Page("staff:results-person", Reach.TREE, (*read, "residents.view"), kind="resident"),
        Page("staff:result", Reach.TREE, read, kind="sitting"),
        Page("staff:interview-discard", Reach.HELD, kind="interview", method="POST"),
        Page("staff:interviews", Reach.ANYWHERE, ask),
        Page("staff:interview-new", Reach.TREE, ask, kind="new interview"),
        Page("staff:interview-new", Reach.TREE, ask, kind="new interview", method="POST"),
        Page("staff:second-look", Reach.TREE, ask, kind="sitting"),
        Page("staff:second-look", Reach.TREE, ask, kind="sitting", method="POST"),
        *(
            Page(f"staff:{name}", Reach.TREE, ask, kind=kind, method=method)
            for name, kind, methods in (
                ("interview", "interview", ("GET",)),
                # who answers is asked by one person, and put away by that person only
                ("interview-question", "interview question", ("GET", "POST")),
                ("interview-check", "paper", ("GET", "POST")),
                ("interview-paper", "paper", ("GET", "POST")),
            )
            for method in methods
        ),
    ]


def _campaigns() -> list[Page]:
    tree, post = Reach.TREE, "POST"
    names, plan = ("campaigns.read_names",), ("campaigns.plan",)
    talk = ("campaigns.interview",)
    return [
        Page("staff:campaigns", Reach.ANYWHERE, any_of=_SEES),
        *(
            Page("staff:campaign-new", Reach.ANYWHERE, ("campaigns.plan",), method=one)
            for one in ("GET", post)
        ),
        Page("staff:campaign", tree, any_of=_SEES, kind="campaign"),
        *(
            Page(f"staff:campaign-{name}", tree, any_of=_WORKS, kind="campaign")
            for name in ("progress", "quality", "standby", "plan", "capacity", "report")
        ),
        Page("staff:campaign-report", tree, any_of=_SEES, kind="reported campaign"),
        Page("staff:campaign-triage", tree, talk, kind="campaign"),
        *(
            Page("staff:campaign-plan-part", tree, any_of=_WORKS, kind="plan part", method=one)
            for one in ("GET", post)
        ),
        Page("staff:campaign-report-table", tree, any_of=_SEES, kind="reported campaign"),
        Page("staff:campaign-roster", tree, any_of=_WORKS, kind="campaign"),
        Page("staff:campaign-roster-file", tree, any_of=_WORKS, kind="roster file"),
        Page("staff:campaign-roster-progress", tree, any_of=_WORKS, kind="roster file"),
        Page("staff:campaign-class", tree, ("campaigns.read_names",), kind="class"),
        Page("staff:campaign-class-names", tree, ("campaigns.read_names",), kind="class", method=post),
        Page("staff:campaign-class-slips", tree, ("campaigns.read_names", "campaigns.run"), kind="class"),
        Page(
            "staff:campaign-class-new-slip",
            tree,
            ("campaigns.run",),
            kind="class",
            method=post,
            may_miss=True,
        ),
        Page("staff:campaign-consent", tree, any_of=_WORKS, kind="campaign"),
        Page("staff:campaign-consent-names", tree, names, kind="campaign", method=post),
        Page("staff:campaign-consent-ask", tree, plan, kind="campaign", method=post),
        Page("staff:campaign-roster-send", tree, any_of=_WORKS, kind="campaign", method=post),
        Page("staff:campaign-roster-marked-drop", tree, plan, kind="roster file", method=post, may_miss=True),
        Page("staff:campaign-step", tree, any_of=_SEES, kind="campaign", method=post),
        *(Page("staff:campaign-group", tree, plan, kind="group", method=one) for one in ("GET", post)),
        Page("staff:campaign-attend", tree, any_of=_WORKS, kind="called", method=post, may_miss=True),
        Page("staff:campaign-names", tree, any_of=_WORKS, kind="campaign", method=post, may_miss=True),
        Page("staff:campaign-person", tree, talk, kind="triage"),
        *(
            Page(f"staff:campaign-person-{name}", tree, talk, kind="triage", method=post, body=body)
            for name, body in (
                ("name", {}),
                ("level", {"level": "3", "seen_version": "0"}),
                ("take-over", {}),
                ("worksheet", {"outcome": "held", "level": "3", "summary": "谈过", "seen_version": "0"}),
                ("reading", {"agrees": "yes", "note": "同意", "seen_version": "0"}),
                ("plan", {}),
            )
        ),
    ]


def _library() -> list[Page]:
    every = Reach.ANYWHERE
    edit = ("instruments.edit",)
    return [
        Page("staff:instruments", every, any_of=_LIBRARY),
        Page("staff:instrument", every, any_of=_LIBRARY, kind="instrument"),
        *(Page("staff:instrument-new", every, edit, method=one) for one in ("GET", "POST")),
        *(
            Page("staff:instrument-text-new", every, edit, kind="instrument", method=one)
            for one in ("GET", "POST")
        ),
        Page("staff:instrument-version", every, any_of=_LIBRARY, kind="shipped version"),
        Page("staff:instrument-version", every, any_of=_LIBRARY[1:], kind="draft"),
        Page("staff:instrument-difference", every, any_of=_LIBRARY[1:], kind="draft"),
        Page("staff:instrument-preview", every, any_of=_LIBRARY[1:], kind="draft"),
        *(
            Page("staff:instrument-part", every, edit, kind="draft part", method=one)
            for one in ("GET", "POST")
        ),
        *(Page("staff:instrument-copy", every, edit, kind="draft", method=one) for one in ("GET", "POST")),
        *(
            Page(
                f"staff:instrument-{name}",
                every,
                any_of=_LIBRARY[1:],
                kind="draft",
                method=method,
                may_miss=True,
            )
            for name in ("step", "review", "screen")
            for method in ("GET", "POST")
            if (name, method) != ("step", "GET")
        ),
        *(
            Page("staff:instrument-text", every, any_of=_LIBRARY[1:], kind="text", method=method)
            for method in ("GET", "POST")
        ),
    ]


def _offices() -> list[Page]:
    anywhere, tree, post = Reach.ANYWHERE, Reach.TREE, "POST"
    opens, reviews = ("access.break_glass",), ("access.review_openings",)
    return [
        Page("staff:home", Reach.STAFF, may_miss=True),
        *(Page(f"staff:{name}", anywhere, ("risk.view",)) for name in ("duty", "duty-fragment", "handover")),
        Page("staff:trail", anywhere, ("audit.read",)),
        Page("staff:trail-event", anywhere, ("audit.read",), kind="event"),
        Page("staff:trail-verify", anywhere, ("audit.read",), method=post),
        Page("staff:break-glass", anywhere, any_of=(*opens, *reviews)),
        *(Page("staff:break-glass-open", anywhere, opens, method=one) for one in ("GET", post)),
        *(
            Page("staff:confirm", tree, ("residents.view",), kind="resident", method=one)
            for one in ("GET", post)
        ),
        Page("staff:break-glass-one", tree, reviews, kind="opening"),
        Page("staff:break-glass-review", tree, reviews, kind="opening", method=post),
        Page("staff:break-glass-end", Reach.HELD, kind="opening", method=post),
        Page("staff:exports", Reach.STAFF),
        Page("staff:export", tree, any_of=("access.approve_exports", "access.read_exports"), kind="export"),
        Page(
            "staff:export-decide",
            tree,
            ("access.approve_exports",),
            kind="export",
            method=post,
            body=DECISION,
        ),
        Page("staff:export-file", Reach.HELD, kind="export", method=post),
        *(Page("staff:export-new", Reach.HELD, kind="export kind", method=one) for one in ("GET", post)),
        *(
            Page(f"oversight:{name}", anywhere, ("indicators.view",), may_miss=True)
            for name in (
                "overview",
                "overview-csv",
                "events",
                "results",
                "results-csv",
                "results-xlsx",
                "results-svg",
                "stations",
            )
        ),
        Page("signin:recovery_codes", Reach.STAFF),
    ]


def _archives() -> list[Page]:
    anywhere, post = Reach.ANYWHERE, "POST"
    see = ("archives.view", "archives.read_unit", "archives.view_meta")
    decide = ("archives.merge", "archives.write", "archives.assign")
    # Content needs a person one is helping, which is nobody here; but a school's psychologist reads the whole unit.
    unit, whole = ("archives.view_meta", "archives.read_unit"), ("archives.read_unit",)
    return [
        Page("staff:archives", anywhere, any_of=see),
        *(
            Page(f"staff:archive-{name}", anywhere, ("archives.open",), method=method)
            for name in ("new", "ask")
            for method in ("GET", post)
        ),
        Page("staff:archive-guidance", anywhere, ("archives.view",)),
        Page("staff:archive-decisions", anywhere, any_of=decide, may_miss=True),
        Page("staff:archive-decide", Reach.HELD, kind="decision", method=post),
        Page("staff:archive", Reach.TREE, any_of=unit, kind="archive"),
        Page("staff:archive-reveal", Reach.TREE, any_of=unit, kind="archive", method=post),
        Page(
            "staff:archive-step",
            Reach.TREE,
            any_of=("archives.assign", *whole),
            kind="archive step",
            method=post,
            may_miss=True,
        ),
        *(Page("staff:archive-assess", Reach.HELD, kind="contract", method=one) for one in ("GET", post)),
    ]


def _rights() -> list[Page]:
    decide, tree, post = ("rights.decide",), Reach.TREE, "POST"
    return [
        Page("staff:rights", Reach.ANYWHERE, decide),
        Page("staff:rights-protected", Reach.ANYWHERE, decide),
        Page("staff:rights-request", tree, decide, kind="request"),
        *(
            Page(f"staff:rights-{name}", tree, decide, kind=kind, method=post, body=body)
            for name, kind, body in (
                ("verify", "request", {"proof": "document"}),
                ("decide", "request", {"decision": "granted"}),
                ("release", "protected", {"reason": "已立案"}),
            )
        ),
        Page("staff:rights-person", tree, ("residents.view",), kind="resident"),
        Page(
            "staff:rights-person-step",
            tree,
            ("residents.view",),
            # `rights.protect` has no row of its own: whoever assesses a warning holds it (roles.yaml).
            any_of=("residents.register", "risk.assess"),
            kind="person step",
            method=post,
        ),
        *(
            Page(f"resident_me:{name}", Reach.RESIDENT)
            for name in ("data", "consents", "requests", "confirm", "leave")
        ),
        *(
            Page(f"resident_me:{name}", Reach.RESIDENT, method=post)
            for name in ("give", "copy_pdf", "confirm", "leave")
        ),
        *(
            Page("resident_me:request_new", Reach.RESIDENT, kind="own request kind", method=one)
            for one in ("GET", post)
        ),
        # Somebody else's request, and a ward of somebody else: nobody who asks answers for anybody.
        Page("resident_me:request_take_back", Reach.HELD, kind="ward", method=post),
        Page("resident_me:ward", Reach.HELD, kind="ward"),
        *(
            Page(f"resident_me:ward_{name}", Reach.HELD, kind="ward", method=post)
            for name in ("copy_json", "copy_pdf", "withdraw")
        ),
    ]


def _between_units() -> list[Page]:
    anywhere, tree, post = Reach.ANYWHERE, Reach.TREE, "POST"
    send, begin, read = ("referrals.send",), ("linkages.begin",), ("linkages.read",)
    lists = ("referrals.read", "referrals.send", "referrals.view_status", "referrals.view_counts")
    links = ("linkages.read", "linkages.begin", "linkages.approve_release", "linkages.answer_inbound")
    return [
        Page("staff:referrals", anywhere, any_of=lists),
        # Both begin at a case or a warning; without one there is nothing to begin.
        *(Page("staff:referral-new", anywhere, send, method=one, may_miss=True) for one in ("GET", post)),
        Page("staff:referral", tree, ("referrals.read",), kind="referral"),
        Page("staff:referral-step", tree, ("referrals.read", *send), kind="referral step", method=post),
        Page("staff:linkages", anywhere, any_of=links),
        *(
            Page("staff:linkage-new", anywhere, begin, kind="linkage kind", method=one, may_miss=True)
            for one in ("GET", post)
        ),
        Page("staff:linkage", tree, read, kind="linkage"),
        Page("staff:linkage-step", tree, read, kind="linkage step", method=post, body={"text": "已接听"}),
        *(
            Page("staff:linkage-submitted", anywhere, ("linkages.submit",), method=one)
            for one in ("GET", post)
        ),
        Page("staff:linkage-calls", anywhere, ("linkages.respond",)),
        Page("staff:linkage-respond", Reach.HELD, kind="expert call", method=post),
    ]


def _messages() -> list[Page]:
    follow, staff, post = ("notices.follow_up",), Reach.STAFF, "POST"
    return [
        Page("staff:notices", staff),
        Page("staff:notices-fragment", staff),
        Page("staff:notices-read", staff, method=post),
        Page("staff:notice-open", Reach.HELD, kind="notice", method=post),
        Page("staff:unreached", Reach.ANYWHERE, follow),
        Page("staff:unreached-one", Reach.TREE, follow, kind="unreached message"),
        Page(
            "staff:unreached-settle",
            Reach.TREE,
            follow,
            kind="unreached message",
            method=post,
            body={"how": "met", "note": "在站里见到了"},
        ),
        Page("staff:message-quotas", Reach.ANYWHERE, ("notices.view_quota",)),
        *(
            Page("staff:contact-wishes", Reach.TREE, ("notices.set_contact",), kind="resident", method=one)
            for one in ("GET", post)
        ),
        Page("resident_contact:contact", Reach.RESIDENT),
        Page("resident_contact:contact", Reach.RESIDENT, method=post, may_miss=True),
        Page("resident_contact:read", Reach.RESIDENT, method=post, may_miss=True),
    ]


def _accounts() -> list[Page]:
    staff, post, manage = Reach.STAFF, "POST", ("access.manage",)
    invite = ("access.manage", "access.invite")
    person = [
        ("person", "GET", {}),
        ("person-unlock", post, {}),
        ("person-sign-out", post, {}),
        ("person-back-in", post, {"reason": "手机丢了，本人来过"}),
        ("person-give-role", post, {"role": "counsellor", "unit": "没有这个单位"}),
    ]
    return [
        Page("staff:account", staff),
        *(Page(f"staff:account-{one}", staff, method=post) for one in ("password", "codes", "end-others")),
        *(Page("staff:account-passkey", staff, method=one) for one in ("GET", post)),
        Page("staff:account-passkey-remove", Reach.HELD, kind="own passkey", method=post),
        Page("staff:account-end-device", Reach.HELD, kind="own device", method=post),
        Page("staff:people", Reach.ANYWHERE, any_of=invite),
        *(Page("staff:people-invite", Reach.ANYWHERE, any_of=invite, method=one) for one in ("GET", post)),
        Page("staff:people-confirm", Reach.ANYWHERE, manage, method=post),
        *(
            Page(f"staff:people-{one}", Reach.HELD, kind="own device", method=post)
            for one in ("withdraw", "approve")
        ),
        *(
            Page(f"staff:{name}", Reach.TREE, manage, kind="colleague", method=method, body=body)
            for name, method, body in person
        ),
        Page("staff:person-end-role", Reach.TREE, manage, kind="colleague's role", method=post),
        *(
            Page(
                "staff:rebind",
                Reach.TREE,
                ("residents.register", "residents.view"),
                kind="resident",
                method=one,
            )
            for one in ("GET", post)
        ),
        Page("resident_security:security", Reach.RESIDENT),
        Page("resident_security:codes", Reach.RESIDENT, method=post),
        Page("resident_security:end_others", Reach.RESIDENT, method=post),
        Page("resident_security:end_device", Reach.HELD, kind="own device", method=post),
    ]


_PUBLIC_WITH_MORE = (
    ("signin:again", "", "GET POST"),
    ("signin:passkey", "", "POST"),
    ("signin:invited", "entry link", "GET POST"),
    ("signin:back_in", "entry link", "GET POST"),
    ("receipts:take", "channel", "POST"),
    ("resident_help:contact_sent", "", "GET"),
    ("resident_help:contact", "", "POST"),
    ("resident_chat:chat", "", "POST"),
    ("resident_chat:lines", "", "GET"),
    ("resident_chat:leave", "", "POST"),
    ("resident_tests:younger", "", "GET"),
    ("resident_tests:battery", "battery", "GET POST"),
    ("resident_tests:next_here", "", "GET"),
    ("resident_tests:start", "test", "GET POST"),
    ("resident_tests:not_for_age", "test", "GET"),
    ("resident_tests:question", "test question", "GET POST"),
    ("resident_tests:all", "test", "GET POST"),
    ("resident_tests:pause", "test question", "GET"),
    ("resident_tests:check", "test", "GET POST"),
    ("resident_results:here", "", "GET"),
    ("resident_results:clear", "", "POST"),
    ("resident_results:here_paper", "", "GET"),
    ("resident_stations:station", "station page", "GET"),
    ("resident_campaign_answers:submissions", "", "GET POST"),
    ("resident_campaign_answers:critical", "", "GET POST"),
    ("resident_questionnaire:form", "form", "GET"),
    ("resident_questionnaire:service_worker", "", "GET"),
    ("resident_questionnaire:sealed", "", "GET POST"),
    ("resident_consent:mine", "", "POST"),
    ("resident_consent:guardian", "guardian token", "GET POST"),
    ("signin:first_visit", "", "GET POST"),
    ("signin:second_step", "", "GET POST"),
    ("signin:enrol", "", "GET POST"),
    ("signin:sign_out", "", "GET POST"),
    ("signin:as", "persona", "GET POST"),
    ("resident_settings:leave", "", "GET POST"),
    ("ui_gallery:sign_in", "", "GET"),
    ("ui_gallery:form", "", "GET"),
    ("ui_gallery:error", "error page", "GET"),
)


def _residents() -> list[Page]:
    own = [
        ("resident_results:result", "own result", "GET"),
        ("resident_results:paper", "own result", "GET"),
        ("resident_tests:next", "own result", "GET"),
    ]
    return [
        *(
            Page(name, Reach.RESIDENT)
            for name in ("resident_me:me", "resident_me:course", "resident_me:access", "resident_plan:plan")
        ),
        *(Page(name, Reach.OWN, kind=kind, method=method) for name, kind, method in own),
        *(
            Page(name, Reach.RESIDENT, kind=kind, method=method, may_miss=True)
            for name, kind, methods in (
                ("resident_tests:again", "test", ("GET", "POST")),
                ("resident_tests:consent", "test", ("GET", "POST")),
                ("resident_results:keep", "", ("GET", "POST")),
                ("resident_me:course_numbers", "test", ("GET",)),
                ("resident_me:course_picture", "test", ("GET",)),
                ("resident_me:copy_json", "", ("POST",)),
                ("resident_me:copy_fhir", "", ("POST",)),
                ("resident_me:withdraw", "", ("POST",)),
                ("resident_me:copy_json", "", ("POST",)),
                ("resident_me:copy_fhir", "", ("POST",)),
            )
            for method in methods
        ),
        Page("resident_results:check_in", Reach.OWN, kind="own result", method="POST"),
        Page("resident_plan:plan", Reach.RESIDENT, method="POST", body={"base_version": "0", "signs": "累"}),
        Page("resident_plan:agree", Reach.RESIDENT, method="POST", body={"version": "1"}),
        Page("resident_plan:offline", Reach.PUBLIC),
        Page("resident_plan:service_worker", Reach.PUBLIC),
        # Runs and drafts of somebody else: nobody who asks has begun one.
        Page("resident_me:discard", Reach.HELD, kind="own draft", method="POST"),
        Page("resident_tests:battery_run", Reach.HELD, kind="own run"),
        Page("resident_tests:leave_out", Reach.HELD, kind="own run", method="POST"),
        Page("resident_tests:stop", Reach.HELD, kind="own run", method="POST"),
        *(
            Page(name, Reach.PUBLIC, kind=kind, method=method, may_miss=True)
            for name, kind, methods in _PUBLIC_WITH_MORE
            for method in methods.split()
        ),
        *(
            Page(name, Reach.PUBLIC)
            for name in (
                "healthz",
                "resident_home:home",
                "resident_home:area",
                "resident_home:your_data",
                "resident_help:help",
                "resident_help:contact",
                "resident_chat:chat",
                "resident_chat:code",
                "resident_tests:list",
                "resident_tests:young",
                "resident_tests:choose",
                "resident_stations:list",
                "resident_relax:breathing",
                "resident_questionnaire:page",
                "resident_class_entry:enter",
                "resident_settings:settings",
                "signin:resident",
                "signin:staff",
                "ui_gallery:resident",
                "ui_gallery:staff",
                "ui_gallery:oversight",
            )
        ),
    ]


PAGES: tuple[Page, ...] = (
    *_warnings(),
    *_cases(),
    *_people(),
    *_campaigns(),
    *_library(),
    *_offices(),
    *_archives(),
    *_rights(),
    *_messages(),
    *_between_units(),
    *_accounts(),
    *_residents(),
)

# Addresses that another test asks as everybody, with what they need to be asked at all.
ELSEWHERE: dict[str, str] = {}
