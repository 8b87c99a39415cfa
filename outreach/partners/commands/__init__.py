"""What one can change about areas and organisations; saying the same thing twice changes nothing."""

from outreach.partners.commands.agreements import add_agreement
from outreach.partners.commands.areas import (
    add_area,
    add_municipality,
    change_area,
    check_municipality,
    end_municipality,
    remove_routing,
    set_routing,
)
from outreach.partners.commands.days import (
    add_closing,
    add_report_day,
    add_window,
    change_closing,
    remove_closing,
    remove_report_day,
    remove_window,
)
from outreach.partners.commands.organisations import (
    AtWork,
    add_organisation,
    add_schools_to_look_at,
    end_organisation,
    is_address,
    reach_organisation,
    rename_organisation,
    resume_organisation,
    serve_area,
    stop_serving,
)

__all__ = [
    "AtWork",
    "add_agreement",
    "add_area",
    "add_closing",
    "add_municipality",
    "add_organisation",
    "add_report_day",
    "add_schools_to_look_at",
    "add_window",
    "change_area",
    "change_closing",
    "check_municipality",
    "end_municipality",
    "end_organisation",
    "is_address",
    "reach_organisation",
    "remove_closing",
    "remove_report_day",
    "remove_routing",
    "remove_window",
    "rename_organisation",
    "resume_organisation",
    "serve_area",
    "set_routing",
    "stop_serving",
]
