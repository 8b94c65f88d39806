"""Words, rows, bars and limits of the dashboard's charts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.selectors.compared import Compared
from budgets.words import name_earlier
from engine.bridge import Step, Verdict, result_bound
from engine.money import percent
from forecasts.selectors.loans import YearDebt
from pages.debt_chart import fill_year, name_edition
from reports.dashboard.members import MemberCost
from reports.dashboard.selectors import Dashboard, ObjectCost, YearResult
from web import marks
from web.charts import WHOLE, Bar, Colour, Place, Row, RowPlot, TableCell, compare
from web.numbers import format_change, format_percent, format_sek, format_tkr, format_whole

TWO_THIRDS = 200 / 3
MOVES_TOLD = 4


def count_of(member: MemberCost) -> str | SafeString:
    """Return a member's inhabitants as shown."""
    return marks.unknown() if member.inhabitants is None else format_whole(member.inhabitants)


def list_beside_members(dashboard: Dashboard) -> list[tuple[str, Compared, str, str]]:
    """Return what no member pays by name, with the addresses of the lines behind it where it has lines of its own."""
    parts: list[tuple[str, Compared | None, str, str]] = [(_("Other customers"), dashboard.others, "", "")]
    if (income := dashboard.income) is not None:
        parts.append((_("Income, paid by no customer"), income, income.url, income.earlier_url))
    parts.append((_("Revenue without a key"), dashboard.unshared, "", ""))
    return [(label, part, url, earlier_url) for label, part, url, earlier_url in parts if part is not None]


def member_row(member: MemberCost) -> Row:
    """Return a member's inhabitants and what it pays for each."""
    cells = [
        TableCell(count_of(member), css="n"),
        TableCell(format_sek(member.per_inhabitant, decimals=0), member.url, "n now"),
        TableCell(format_sek(member.earlier_per_inhabitant, decimals=0), member.earlier_url, "n cmp cmp-first"),
    ]
    return Row(member.name, cells)


def result_row(year: YearResult) -> Row:
    """Return a year's result held against its bound."""
    states = {
        Verdict.WITHIN: marks.status("approved", _("yes")),
        Verdict.EXCEPTED: marks.status("approved", _("yes, apart from the decided use of equity")),
        Verdict.BEYOND: marks.status("warn", _("no")),
    }
    cells = [
        TableCell(format_tkr(year.result), year.url, "n"),
        TableCell("±" + format_tkr(result_bound(year.revenue)), css="n"),
        TableCell(format_percent(percent(year.result, year.revenue)), css="n"),
        TableCell(states[year.verdict]),
    ]
    return Row(f"{year.year} ({name_edition(year.edition)})", cells)


def draw_step(step: Step) -> Bar:
    """Draw a step of the result, coloured by whether it is better or worse."""
    return Bar(step.start, step.end, Colour.FIRST if step.amount >= 0 else Colour.SECOND)


def place_result_of(year: int | str, result: int) -> Place:
    """Return where the bridge starts or ends: the budgeted result of a year, which is not what it came to."""
    return Place(_("Result, budget %(year)s") % {"year": year}, format_tkr(result), [Bar(0, result, Colour.INK)])


def plot_compared(rows: Sequence[tuple[str, Compared]]) -> RowPlot:
    """Return each row's amount beside last year's, by its label."""
    return RowPlot(
        [Place(label, format_tkr(row.amounts[0]), compare(row.amounts[0], row.earlier)) for label, row in rows]
    )


def place_member(member: MemberCost) -> Place:
    """Return what a member pays per inhabitant beside last year's."""
    now = member.per_inhabitant
    return Place(member.name, format_sek(now, decimals=0), compare(now or 0, member.earlier_per_inhabitant))


def place_result(year: YearResult) -> Place:
    """Return a year's result on the band it should keep within."""
    bound = result_bound(year.revenue)
    bars = [Bar(-bound, bound, Colour.LINE, WHOLE), fill_year(year.result, year.edition)]
    return Place(str(year.year), format_tkr(year.result), bars, name_edition(year.edition))


def say_bars(years: Sequence[YearDebt | YearResult]) -> str:
    """Return what the columns' fills mean, of those that are drawn; nothing where all are alike."""
    drawn = {year.edition == "plan" for year in years if not isinstance(year, YearDebt) or year.debt is not None}
    return _("Light column: plan") if drawn == {True, False} else ""


def note_doubt(words: str, source: str) -> list[str | SafeString]:
    """Return the note on what rests on copied or assumed figures; nothing where all are surer than that."""
    said = marks.say_doubt(words, source)
    return [said] if said else []


def notes_on(rounded: bool) -> list[str | SafeString]:
    """Return the footnote on rounding, where it is needed."""
    text = _("Amounts are rounded one by one to tkr, so a shown total can differ by 1 from the sum of its parts.")
    return [text] if rounded else []


def say_objects(rows: Sequence[ObjectCost], total: Compared) -> str:
    """Return the fewest objects that together make up two thirds."""
    sums = accumulate(row.amounts[0] for row in rows)
    parts = [
        (count, share) for count, part in enumerate(sums, 1) if (share := percent(part, total.amounts[0])) is not None
    ]
    majority = next(((count, share) for count, share in parts if share >= TWO_THIRDS), None)
    if majority is None:
        return _("No object has any cost")
    words = {"count": majority[0], "all": len(rows), "percent": format_percent(majority[1], decimals=0)}
    title = ngettext(
        "The largest of %(all)s bears %(percent)s per cent of the cost",
        "The %(count)s largest of %(all)s bear %(percent)s per cent of the cost",
        majority[0],
    )
    return title % words


def say_members(most: MemberCost, total: Compared) -> str:
    """Return what the member that pays most pays of all that members pay."""
    share = format_percent(percent(most.amounts[0], total.amounts[0]), decimals=0)
    title = _("%(member)s pays %(percent)s per cent of what the members pay")
    return title % {"member": most.name, "percent": share}


def note_moved(budget: Budget, dashboard: Dashboard) -> list[SafeString]:
    """Return that cost moved between products, which changes no row of the result."""
    if not dashboard.moved_total:
        return []
    said = _("%(amount)s tkr of cost moved between products, which changes no item here.")
    return [_lead_to_moved(budget, said % {"amount": format_tkr(dashboard.moved_total)})]


def _lead_to_moved(budget: Budget, said: str) -> SafeString:
    return format_html('{} <a href="{}">{}</a>', said, reverse("budgets:moved", args=[budget.slug]), _("What moved"))


def note_objects(budget: Budget, dashboard: Dashboard, *, has_moved: bool) -> list[str | SafeString]:
    """Return what the objects' bars hold and do not hold of the base grant, and what of their change only moved."""
    notes: list[str | SafeString] = []
    if has_moved:
        notes.append(_("Lines of the base grant that name an object are counted to the object."))
    if dashboard.unnamed_grant > 0:
        unnamed = _(
            "%(amount)s tkr of the base grant name no object: cost in common, such as servers and network, is not in the objects' bars."
        )
        notes.append(unnamed % {"amount": format_tkr(dashboard.unnamed_grant)})
    if dashboard.moved_net:
        notes.append(_lead_to_moved(budget, _say_moved(dashboard)))
    used = zip((budget.fiscal_year, name_earlier(budget)), dashboard.equity, strict=True)
    if equity := ", ".join(f"{year}: {format_tkr(ore)}" for year, ore in used if ore > 0):
        notes.append(_("The base grant is lowered by the equity that is used: %(equity)s.") % {"equity": equity})
    return notes


def _say_moved(dashboard: Dashboard) -> str:
    """Return which sub-budgets' change is the most of moved cost, and how much of it."""
    names = {row.sub_budget: row.name for row in dashboard.objects}
    net = sorted(dashboard.moved_net.items(), key=lambda item: (-abs(item[1]), item[0]))
    told = ", ".join(f"{names.get(slug, slug)} {format_change(ore)}" for slug, ore in net[:MOVES_TOLD])
    return _("Of the changes this only moved, tkr, the largest first: %(moves)s.") % {"moves": told}
