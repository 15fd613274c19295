"""The door of the campaigns room."""

from anxin.domains.audit.api import command, pure, query
from anxin.domains.campaigns import consent_texts
from anxin.domains.campaigns.rules import codes, drafts, submissions
from anxin.domains.campaigns.rules import roster as roster_rules
from anxin.domains.campaigns.rules.allowance import Allowance
from anxin.domains.campaigns.rules.tokens import KEY_PURPOSE
from anxin.domains.campaigns.selectors import questionnaire as questionnaire_selector
from anxin.domains.campaigns.selectors.campaigns import (
    GroupProgress,
    Progress,
    campaign_of,
    campaigns_due,
    campaigns_queryset,
    capacity_of,
    group_of,
    groups_of,
    history_of,
    may_on,
    progress_of,
)
from anxin.domains.campaigns.selectors.consent import awaited_of, consent_counts
from anxin.domains.campaigns.selectors.guards import campaigns_to_look_at, gaps_before
from anxin.domains.campaigns.selectors.report import Report, report_of
from anxin.domains.campaigns.selectors.retention import names_due_queryset, persons_of
from anxin.domains.campaigns.selectors.roster import (
    class_of,
    faults_by_row,
    group_counts,
    is_unfinished,
    marked_roster_of,
    names_of_class,
    people_of_class,
    roster_faults_queryset,
    roster_of,
    rosters_of,
)
from anxin.domains.campaigns.selectors.submissions import (
    came_from_campaign,
    step_of,
    waiting_critical_forms,
    waiting_forms,
    waiting_signals,
)
from anxin.domains.campaigns.selectors.triage import (
    BoardCounts,
    Quality,
    StandbyCall,
    access_called,
    access_name,
    access_triage,
    board_counts,
    clock_subject,
    find_proposals,
    own_draft,
    quality_of,
    residents_in_interview,
    standby_calls,
    triage_brief,
    triages_about,
    triages_queryset,
)
from anxin.domains.campaigns.services import sealing
from anxin.domains.campaigns.services import submissions as submission_services
from anxin.domains.campaigns.services.adoption import link_residents, mark_adopted, mark_signal_adopted
from anxin.domains.campaigns.services.campaigns import (
    approve,
    archive,
    arrange_group,
    begin_interviews,
    cancel,
    change_plan,
    close_answering,
    draft_campaign,
    finish_triage,
    give_back,
    open_consent,
    report,
    send_to_review,
    start_running,
    take_names_off,
)
from anxin.domains.campaigns.services.consent import (
    answer_as_guardian,
    answer_as_self,
    ask_guardians,
    ask_next_guardians,
    guardian_question,
    own_question,
)
from anxin.domains.campaigns.services.entry import count_failure, issue_token, slips_of
from anxin.domains.campaigns.services.moving import follow_moved_node
from anxin.domains.campaigns.services.roster import (
    begin_roster,
    drop_marked_file,
    fail_roster,
    finish_roster,
    list_participants,
    receive_roster,
    replace_token,
    survey_roster,
)
from anxin.domains.campaigns.services.triage import (
    assign_interviewer,
    attend_signal,
    confirm_level,
    keep_draft,
    propose_levels,
    read_as_second,
    record_interview,
    write_plan,
)
from anxin.kernel.crypto import purpose_key

hear_signal = command("campaigns:signal:heard")(submission_services.hear_signal)
give_key = command("campaigns:campaign:key_given")(sealing.give_key)
take_in_sealed = command("campaigns:envelope:taken_in")(sealing.take_in_sealed)
questionnaire = query()(questionnaire_selector.questionnaire)
take_in = command("campaigns:submission:taken_in")(submission_services.take_in)

check_roster_header = pure(roster_rules.check_header)
consent_text = pure(consent_texts.consent_text)
consent_versions = pure(consent_texts.consent_versions)
find_roster_header = pure(roster_rules.find_header)
is_empty_roster_row = pure(roster_rules.is_empty)
is_roster_header_again = pure(roster_rules.is_header_again)
plain_cell = pure(roster_rules.plain)
read_roster_row = pure(roster_rules.read_row)
shown_code = pure(codes.shown_code)
bearer_of = pure(drafts.bearer_of)
draft_of = pure(drafts.draft_of)
read_signal = pure(submissions.read_signal)
read_submission = pure(submissions.read_submission)
signal_of = pure(drafts.signal_of)
submission_uid = pure(drafts.submission_uid)


@pure
def new_allowance() -> Allowance:
    """How often one participant may send; one for each process."""
    return Allowance()


@pure
def token_key() -> bytes:
    """The key participant tokens are signed with."""
    return purpose_key(KEY_PURPOSE)


__all__ = [
    "BoardCounts",
    "GroupProgress",
    "Progress",
    "Quality",
    "Report",
    "StandbyCall",
    "access_called",
    "access_name",
    "access_triage",
    "answer_as_guardian",
    "answer_as_self",
    "approve",
    "archive",
    "arrange_group",
    "ask_guardians",
    "ask_next_guardians",
    "assign_interviewer",
    "attend_signal",
    "awaited_of",
    "bearer_of",
    "begin_interviews",
    "begin_roster",
    "board_counts",
    "came_from_campaign",
    "campaign_of",
    "campaigns_due",
    "campaigns_queryset",
    "campaigns_to_look_at",
    "cancel",
    "capacity_of",
    "change_plan",
    "check_roster_header",
    "class_of",
    "clock_subject",
    "close_answering",
    "confirm_level",
    "consent_counts",
    "consent_text",
    "consent_versions",
    "count_failure",
    "draft_campaign",
    "draft_of",
    "drop_marked_file",
    "fail_roster",
    "faults_by_row",
    "find_proposals",
    "find_roster_header",
    "finish_roster",
    "finish_triage",
    "follow_moved_node",
    "gaps_before",
    "give_back",
    "give_key",
    "group_counts",
    "group_of",
    "groups_of",
    "guardian_question",
    "hear_signal",
    "history_of",
    "is_empty_roster_row",
    "is_roster_header_again",
    "is_unfinished",
    "issue_token",
    "keep_draft",
    "link_residents",
    "list_participants",
    "mark_adopted",
    "mark_signal_adopted",
    "marked_roster_of",
    "may_on",
    "names_due_queryset",
    "names_of_class",
    "new_allowance",
    "open_consent",
    "own_draft",
    "own_question",
    "people_of_class",
    "persons_of",
    "plain_cell",
    "progress_of",
    "propose_levels",
    "quality_of",
    "questionnaire",
    "read_as_second",
    "read_roster_row",
    "read_signal",
    "read_submission",
    "receive_roster",
    "record_interview",
    "replace_token",
    "report",
    "report_of",
    "residents_in_interview",
    "roster_faults_queryset",
    "roster_of",
    "rosters_of",
    "send_to_review",
    "shown_code",
    "signal_of",
    "slips_of",
    "standby_calls",
    "start_running",
    "step_of",
    "submission_uid",
    "survey_roster",
    "take_in",
    "take_in_sealed",
    "take_names_off",
    "token_key",
    "triage_brief",
    "triages_about",
    "triages_queryset",
    "waiting_critical_forms",
    "waiting_forms",
    "waiting_signals",
    "write_plan",
]
