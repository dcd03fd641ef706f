"""The places of the product in the order of the loop. A page that does not exist yet does not appear."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wegmarke.team.access import administrators, officers, see_persons
from wegmarke.ui.navigation import Page, Place

PLACES = (
    Place(_("Overview"), "overview", (Page(_("Overview"), "/"),)),
    Place(
        _("Map"),
        "map",
        (
            Page(_("Journey map"), "/map/"),
            Page(_("Touchpoints"), "/map/touchpoints/"),
            Page(_("Matrix"), "/map/matrix/"),
            Page(_("Discovery"), "/map/discovery/"),
            Page(_("Audit"), "/map/audit/"),
            Page(_("Brand"), "/map/brand/"),
            Page(_("Evidence"), "/map/evidence/"),
            Page(_("Lived journey"), "/map/journey/"),
        ),
    ),
    Place(
        _("Plan"),
        "plan",
        (
            Page(_("Goals"), "/plan/goals/"),
            Page(_("Journey models"), "/plan/journeys/"),
            Page(_("Versions"), "/plan/versions/"),
        ),
    ),
    Place(
        _("Understand"),
        "understand",
        (
            Page(_("Moments"), "/understand/moments/"),
            Page(_("Funnels"), "/understand/funnels/"),
            Page(_("Paths"), "/understand/paths/"),
        ),
    ),
    Place(
        _("People"),
        "people",
        (
            Page(_("Persons"), "/people/", visible_to=see_persons),
            Page(pgettext_lazy("customers", "Accounts"), "/people/accounts/", visible_to=see_persons),
            Page(_("Identities"), "/people/identities/", visible_to=see_persons),
            Page(_("Consent"), "/people/consent/", visible_to=see_persons),
            Page(_("Access"), "/people/access/", visible_to=officers),
            Page(_("Erasure"), "/people/erasure/", visible_to=officers),
            Page(_("Retention"), "/people/erasure/retention/", visible_to=officers),
            Page(_("Record of processing"), "/people/processing/", visible_to=officers),
        ),
    ),
    Place(
        _("Settings"),
        "settings",
        (
            Page(_("Import"), "/settings/import/"),
            Page(_("Sources"), "/settings/sources/"),
            Page(_("Team"), "/settings/team/", visible_to=administrators),
            Page(_("System health"), "/settings/health/"),
        ),
    ),
)
