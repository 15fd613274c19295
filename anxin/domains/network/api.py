"""The door of the network room."""

from anxin.domains.audit.api import pure
from anxin.domains.network.rules import routing
from anxin.domains.network.selectors.duty import candidate_for, candidates_upward, on_duty, on_duty_by_unit
from anxin.domains.network.selectors.people import (
    headcount,
    posting_by_uid,
    postings_by_id,
    postings_of,
    postings_queryset,
    staff_by_account,
    staff_by_uid,
)
from anxin.domains.network.selectors.stations import (
    opening,
    station_views,
    stations_in,
    stations_near,
    stations_queryset,
    week_of,
)
from anxin.domains.network.selectors.statistics import (
    centre_coverage,
    counts_by_area,
    counts_by_division,
    counts_by_host_type,
    line_by_area,
    village_coverage,
)
from anxin.domains.network.selectors.task_force import force_roster, task_forces_queryset, town_progress
from anxin.domains.network.selectors.units import (
    ancestors,
    areas_queryset,
    city,
    path_of,
    responsible_areas_queryset,
    serving_unit,
    unit_by_id,
    unit_by_slug,
    unit_by_uid,
    units_found_queryset,
    units_queryset,
)
from anxin.domains.network.services.people import (
    add_staff_member,
    add_staff_members,
    appoint,
    appoint_all,
    end_posting,
    name_accountable,
)
from anxin.domains.network.services.rosters import (
    put_all_on_roster,
    put_on_roster,
    record_duty_exception,
    take_off_roster,
)
from anxin.domains.network.services.task_force import (
    change_force_post,
    end_task_force,
    establish_task_force,
)
from anxin.domains.network.services.units import (
    TOPIC_UNIT_MOVED,
    activate_unit,
    create_divisions,
    create_unit,
    create_units,
    move_unit,
    set_opening_hours,
    set_services,
)

called_together = pure(routing.called_together)
choose_route = pure(routing.choose_route)
ladder_candidates = pure(routing.ladder_candidates)

__all__ = [
    "TOPIC_UNIT_MOVED",
    "activate_unit",
    "add_staff_member",
    "add_staff_members",
    "ancestors",
    "appoint",
    "appoint_all",
    "areas_queryset",
    "called_together",
    "candidate_for",
    "candidates_upward",
    "centre_coverage",
    "change_force_post",
    "choose_route",
    "city",
    "counts_by_area",
    "counts_by_division",
    "counts_by_host_type",
    "create_divisions",
    "create_unit",
    "create_units",
    "end_posting",
    "end_task_force",
    "establish_task_force",
    "force_roster",
    "headcount",
    "ladder_candidates",
    "line_by_area",
    "move_unit",
    "name_accountable",
    "on_duty",
    "on_duty_by_unit",
    "opening",
    "path_of",
    "posting_by_uid",
    "postings_by_id",
    "postings_of",
    "postings_queryset",
    "put_all_on_roster",
    "put_on_roster",
    "record_duty_exception",
    "responsible_areas_queryset",
    "serving_unit",
    "set_opening_hours",
    "set_services",
    "staff_by_account",
    "staff_by_uid",
    "station_views",
    "stations_in",
    "stations_near",
    "stations_queryset",
    "take_off_roster",
    "task_forces_queryset",
    "town_progress",
    "unit_by_id",
    "unit_by_slug",
    "unit_by_uid",
    "units_found_queryset",
    "units_queryset",
    "village_coverage",
    "week_of",
]
