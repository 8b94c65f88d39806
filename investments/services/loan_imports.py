"""Imports of what lenders say: what was owed of each loan on a day, or at the end of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from investments.models import Loan, LoanStatement
from investments.selectors.loan_terms import find_debt_on, with_rows
from objects.selectors.registers import can_keep
from records.import_kinds import Cell, CellFault, Check, Fault, Field, Form, ImportKind, Value, Values
from records.models import Import, ImportRow, Provenance
from records.services.imports.cells import read_day, read_ore, read_text
from web.days import WithinYears
from web.numbers import format_sek

if TYPE_CHECKING:
    from accounts.models import User

YEARS_BACK = 15
NAMED_AT_MOST = 20
KINDS_BY_WORD = {
    "statement": LoanStatement.Kind.STATEMENT,
    "kontoutdrag": LoanStatement.Kind.STATEMENT,
    "besked": LoanStatement.Kind.STATEMENT,
    "lånebesked": LoanStatement.Kind.STATEMENT,
    "confirmation": LoanStatement.Kind.CONFIRMATION,
    "yearly confirmation": LoanStatement.Kind.CONFIRMATION,
    "årsbesked": LoanStatement.Kind.CONFIRMATION,
    "engagemangsbesked": LoanStatement.Kind.CONFIRMATION,
}


def _read_kind(cell: Cell) -> Value:
    word = str(cell or "").strip().casefold()
    if not word:
        return None
    if word not in KINDS_BY_WORD:
        said = _("%(word)s is not a kind of statement. Write statement or yearly confirmation, or leave it empty.")
        raise CellFault(said % {"word": cell})
    return KINDS_BY_WORD[word].value


def _read_debt(cell: Cell) -> Value:
    ore = read_ore()(cell)
    if isinstance(ore, int) and ore < 0:
        raise CellFault(_("A debt is written as 0 or more, without a sign."))
    return ore


class StatementImport(ImportKind):
    """What was owed of each loan on a day; without a day, at the end of the year."""

    key = "loan_statements"
    label = gettext_lazy("Statements of loans")
    about = gettext_lazy("Loan number or name, what is owed and the day. Without a day the last of December is meant.")
    period_label = gettext_lazy("Stated in")
    fields: ClassVar[Sequence[Field]] = (
        Field(
            "loan",
            gettext_lazy("Loan number or name"),
            ("lån", "lånenummer", "lånenr", "loan", "loan number", "number", "nummer", "kontrakt", "avtal", "namn"),
            read_text(120),
        ),
        Field(
            "debt",
            gettext_lazy("Debt, SEK"),
            ("skuld", "skuld, kr", "debt", "kapitalskuld", "restskuld", "belopp", "amount", "saldo", "utestående"),
            _read_debt,
            is_number=True,
        ),
        Field(
            "day",
            gettext_lazy("Day"),
            ("dag", "datum", "day", "date", "per", "saldodatum"),
            read_day(WithinYears(ahead=0), empty=True),
            is_required=False,
        ),
        Field(
            "kind",
            gettext_lazy("Kind of statement"),
            ("slag", "typ", "kind", "type"),
            _read_kind,
            is_required=False,
        ),
    )
    model = LoanStatement
    keys = ("loan_id", "stated_on")
    columns = ("loan_id", "stated_on", "debt_ore", "kind", "provenance")
    figure = "debt_ore"
    figure_label = gettext_lazy("Debt, SEK")
    form = Form.ORE
    groups = "loan_id"
    groups_label = gettext_lazy("Loan")
    # What a lender once said stays: a file is often of one lender or one loan.
    removes = False

    def may(self, user: User) -> bool:
        """The economist and the administrator."""
        return can_keep(user)

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """This year and those before it, newest first."""
        now = timezone.localdate().year
        return [(str(year), str(year)) for year in range(now, now - YEARS_BACK, -1)]

    def name_period(self, period: str) -> str:
        """The year."""
        return period

    def start(self, period: str, by: User) -> Check:
        """Read the loans, by their numbers and names."""
        known, year, today = _list_loans(), int(period), timezone.localdate()

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            day = read.get("day") or date(year, 12, 31)
            assert isinstance(day, date)
            loan = _find_loan(str(read.get("loan", "")), known, fault)
            _check_day(day, year, today, loan, fault)
            return {
                "loan_id": loan.pk if loan else None,
                "stated_on": day,
                "debt_ore": read.get("debt"),
                "kind": read.get("kind") or _guess_kind(day),
                "provenance": Provenance.IMPORTED.value,
            }

        return check

    def scope(self, period: str) -> tuple[str, dict[str, int | str]]:
        """The statements of the year."""
        return "t.stated_on BETWEEN %(first)s AND %(last)s", {"first": f"{period}-01-01", "last": f"{period}-12-31"}

    def note(self, row: Import) -> Iterator[str]:
        """Name the rows that contradict the plan: they are kept beside it, and nothing is changed by them."""
        rows = list(ImportRow.objects.filter(of=row, status__in=("new", "changed", "same")).order_by("number"))
        loans = {loan.pk: loan for loan in with_rows(Loan.objects.all())}
        told = [said for found in rows if (said := _say_contradiction(found, loans))]
        yield from told[:NAMED_AT_MOST]
        if (more := len(told) - NAMED_AT_MOST) > 0:
            said = ngettext(
                "%(count)s more row contradicts the plan.", "%(count)s more rows contradict the plan.", more
            )
            yield said % {"count": more}

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """The loans' names."""
        return {str(key): name for key, name in Loan.objects.filter(pk__in=list(keys)).values_list("pk", "name")}


def _guess_kind(day: date) -> str:
    """Return what a row is where it does not say: of the last of December a yearly confirmation."""
    is_last = (day.month, day.day) == (12, 31)
    return (LoanStatement.Kind.CONFIRMATION if is_last else LoanStatement.Kind.STATEMENT).value


def _say_contradiction(row: ImportRow, loans: Mapping[int, Loan]) -> str:
    values = row.values
    loan = loans.get(int(values["loan_id"]))
    planned = None if loan is None else find_debt_on(loan, date.fromisoformat(str(values["stated_on"])))
    if loan is None or planned is None or planned == int(values["debt_ore"]):
        return ""
    said = _(
        "Row %(row)s: %(loan)s owes %(planned)s kr on %(day)s by the plan, and %(stated)s kr by the file. Nothing is "
        "changed by it; once it is saved the loan's page shows the difference and what to do."
    )
    shown = {"planned": format_sek(planned), "stated": format_sek(int(values["debt_ore"]))}
    return said % {"row": row.number, "loan": loan.name, "day": values["stated_on"], **shown}


def _list_loans() -> dict[str, list[Loan]]:
    """Return them by number, by lender and number, and by name; two lenders may have the same number."""
    known: dict[str, list[Loan]] = {}
    for row in Loan.objects.all():
        for word in {row.name, row.number, f"{row.lender} {row.number}"} - {"", " "}:
            known.setdefault(word.casefold(), []).append(row)
    return known


def _find_loan(word: str, known: Mapping[str, list[Loan]], fault: Fault) -> Loan | None:
    found = known.get(word.casefold(), [])
    if len(found) == 1 or not word:
        return found[0] if found else None
    if found:
        said = _("Several lenders have a loan %(word)s. Write the lender before the number.")
        fault("loan", said % {"word": word})
        return None
    near = get_close_matches(word.casefold(), known, n=1)
    said = (
        _("There is no loan %(word)s. Nearest is %(near)s.")
        if near
        else _("There is no loan %(word)s. Remove the row, or enter the loan first.")
    )
    fault("loan", said % {"word": word, "near": known[near[0]][0].name if near else ""})
    return None


def _check_day(day: date, year: int, today: date, loan: Loan | None, fault: Fault) -> None:
    if day.year != year:
        words = _("%(day)s is not in %(year)s, which the file is read in for.")
        fault("day", words % {"day": day.isoformat(), "year": year})
    if day > today:
        fault("day", _("%(day)s has not come yet. Write the day of the statement.") % {"day": day.isoformat()})
    if loan is not None and loan.raised_on is not None and day < loan.raised_on:
        said = _("The loan is raised on %(raised)s. Write a day from then on.")
        fault("day", said % {"raised": loan.raised_on})


KINDS = (StatementImport(),)
