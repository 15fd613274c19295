"""The door of the assessments room."""

from anxin.domains.assessments import library
from anxin.domains.assessments.measuring import reliability_of as _reliability_of
from anxin.domains.assessments.reports import (
    Report,
    access_report,
    access_results_of,
    instruments_counted,
    own_points,
    result_counts,
)
from anxin.domains.assessments.rules import batteries as battery_rules
from anxin.domains.assessments.rules import validity
from anxin.domains.assessments.rules.batteries import Battery, Plan, PlannedPart
from anxin.domains.assessments.rules.change import band_around as _band_around
from anxin.domains.assessments.rules.change import change_between as _change_between
from anxin.domains.assessments.selectors import (
    access_doubtful,
    access_interview,
    access_sitting,
    anonymous_total,
    answer_given,
    givable,
    may_give,
    own_interviews,
    own_open_runs,
    own_parts,
    own_run,
    own_sitting,
    own_sittings,
    previous_totals,
    repeat_of,
    sitting_for_evaluation,
    sittings_about,
    unevaluated_uids,
    waiting_for_second_look,
)
from anxin.domains.assessments.services.forgetting import answer_logs_due, forget_answer_logs
from anxin.domains.assessments.services.interviews import (
    compare_paper,
    discard_interview,
    look_again,
    mark_checked,
    mark_entered,
    start_interview,
    submit_interview,
    take_down_answer,
)
from anxin.domains.assessments.services.keeping import FinishedForm, keep_sittings, mark_set_evaluated
from anxin.domains.assessments.services.runs import leave_part_out, start_battery, stop_battery
from anxin.domains.assessments.services.sittings import (
    count_anonymous,
    discard_sitting,
    follow_moved_node,
    mark_evaluated,
    restrict_sittings,
    save_answer,
    start_sitting,
    submit_sitting,
)
from anxin.domains.assessments.way import Branch, Way, is_written
from anxin.domains.assessments.way import way_through as _way_through
from anxin.domains.audit.api import pure

way_through = pure(_way_through)
takes_written_answers = pure(is_written)
batteries = pure(library.batteries)
taking = pure(library.taking)
plan_battery = pure(battery_rules.plan)
next_part = pure(battery_rules.next_part)
counted_parts = pure(battery_rules.counted)
again_on = pure(validity.again_on)
reliability_of = pure(_reliability_of)
change_between = pure(_change_between)
band_around = pure(_band_around)

__all__ = [
    "Battery",
    "Branch",
    "FinishedForm",
    "Plan",
    "PlannedPart",
    "Report",
    "Way",
    "access_doubtful",
    "access_interview",
    "access_report",
    "access_results_of",
    "access_sitting",
    "again_on",
    "anonymous_total",
    "answer_given",
    "answer_logs_due",
    "band_around",
    "batteries",
    "change_between",
    "compare_paper",
    "count_anonymous",
    "counted_parts",
    "discard_interview",
    "discard_sitting",
    "follow_moved_node",
    "forget_answer_logs",
    "givable",
    "instruments_counted",
    "keep_sittings",
    "leave_part_out",
    "look_again",
    "mark_checked",
    "mark_entered",
    "mark_evaluated",
    "mark_set_evaluated",
    "may_give",
    "next_part",
    "own_interviews",
    "own_open_runs",
    "own_parts",
    "own_points",
    "own_run",
    "own_sitting",
    "own_sittings",
    "plan_battery",
    "previous_totals",
    "reliability_of",
    "repeat_of",
    "restrict_sittings",
    "result_counts",
    "save_answer",
    "sitting_for_evaluation",
    "sittings_about",
    "start_battery",
    "start_interview",
    "start_sitting",
    "stop_battery",
    "submit_interview",
    "submit_sitting",
    "take_down_answer",
    "takes_written_answers",
    "taking",
    "unevaluated_uids",
    "waiting_for_second_look",
    "way_through",
]
