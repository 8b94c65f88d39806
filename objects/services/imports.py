"""Imports of shared facts: the members' inhabitants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objects.models import Inhabitants, Municipality
from objects.selectors.decisions import can_register
from records.import_kinds import Check, Fault, Field, ImportKind, Value, Values
from records.models import Provenance
from records.services.imports.cells import read_day, read_text, read_whole
from web.days import WithinYears

if TYPE_CHECKING:
    from accounts.models import User

YEARS_BACK, YEARS_AHEAD = 15, 5
MOST_INHABITANTS = 5_000_000


class InhabitantsImport(ImportKind):
    """How many lived in each municipality on a day of a year; without a day, at the end of it."""

    key = "inhabitants"
    label = gettext_lazy("Inhabitants")
    about = gettext_lazy("Municipality, number and day. Without a day the last of December is meant.")
    period_label = gettext_lazy("Counted in")
    fields: ClassVar[Sequence[Field]] = (
        Field(
            "municipality",
            gettext_lazy("Municipality"),
            ("kommun", "municipality", "region", "kommunkod", "code", "kod", "namn"),
            read_text(60),
        ),
        Field(
            "count",
            gettext_lazy("Number of inhabitants"),
            ("invånare", "antal invånare", "folkmängd", "antal", "befolkning", "inhabitants", "population", "number"),
            read_whole(MOST_INHABITANTS),
            is_number=True,
        ),
        Field(
            "day",
            gettext_lazy("Day"),
            ("dag", "datum", "day", "date", "mätdatum", "räknat den", "per"),
            read_day(WithinYears(ahead=YEARS_AHEAD), empty=True),
            is_required=False,
        ),
    )
    model = Inhabitants
    keys = ("municipality_id", "counted_on")
    columns = ("municipality_id", "counted_on", "count", "provenance")
    figure = "count"
    figure_label = gettext_lazy("Inhabitants")
    groups = "municipality_id"
    groups_label = gettext_lazy("Municipality")

    def may(self, user: User) -> bool:
        """The economist and the administrator."""
        return can_register(user)

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """The years around this one, newest first."""
        now = timezone.localdate().year
        return [(str(year), str(year)) for year in range(now + YEARS_AHEAD, now - YEARS_BACK, -1)]

    def name_period(self, period: str) -> str:
        """The year."""
        return period

    def start(self, period: str, by: User) -> Check:
        """Read the municipalities, by name and by code."""
        known = _list_municipalities()
        year = int(period)

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            day = read.get("day") or date(year, 12, 31)
            assert isinstance(day, date)
            if day.year != year:
                words = _("%(day)s is not in %(year)s, which the file is read in for.")
                fault("day", words % {"day": day.isoformat(), "year": year})
            name = str(read.get("municipality", ""))
            found = known.get(name.casefold())
            if found is None and name:
                fault("municipality", _say_unknown(name, known))
            return {
                "municipality_id": found.pk if found else None,
                "counted_on": day,
                "count": read.get("count"),
                "provenance": Provenance.IMPORTED.value,
            }

        return check

    def scope(self, period: str) -> tuple[str, dict[str, int | str]]:
        """The counts of the year."""
        return "t.counted_on BETWEEN %(first)s AND %(last)s", {"first": f"{period}-01-01", "last": f"{period}-12-31"}

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """The municipalities' names."""
        return {
            str(key): name for key, name in Municipality.objects.filter(pk__in=list(keys)).values_list("pk", "name")
        }


def _list_municipalities() -> dict[str, Municipality]:
    """Return them by name, also with “kommun” after it, and by code."""
    known: dict[str, Municipality] = {}
    for row in Municipality.objects.all():
        name = row.name.casefold()
        genitive = name if name.endswith("s") else f"{name}s"
        known |= dict.fromkeys((name, f"{name} kommun", f"{genitive} kommun", row.code, f"{row.code} {name}"), row)
    return known


def _say_unknown(name: str, known: Mapping[str, Municipality]) -> str:
    near = get_close_matches(name.casefold(), known, n=1)
    if near:
        words = _("%(name)s is not a municipality here. Nearest is %(near)s.")
        return words % {"name": name, "near": known[near[0]].name}
    return _("%(name)s is not a municipality here. Remove the row, or enter the municipality first.") % {"name": name}
