"""What can't be with a loan, its rates, its instalments and its statements, by row and field and in words (rule 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from engine.loans import find_plan_faults, repaid_after
from investments.models import Loan, LoanInstalment, LoanStatement, LoanTerm
from investments.selectors.loan_terms import find_debt_on, to_statement
from investments.services.loans import find_repayment_faults
from web.numbers import format_decimal, format_sek

MOST_PERCENT = 100


class LoanFault(NamedTuple):
    """What can't be: of the loan where `rows` is empty, else of a row of "terms" or "instalments", and of which field."""

    rows: str
    place: int
    field: str
    words: str


def find_loan_faults(loan: Loan, terms: Sequence[LoanTerm], instalments: Sequence[LoanInstalment]) -> list[LoanFault]:
    """Return all that can't be with a loan that has days of its own, at once; triggers hold the same."""
    found = [LoanFault("", 0, field, words) for field, words in _find_own(loan)]
    raised, matures = loan.raised_on, loan.matures_on
    if raised is None or matures is None or matures <= raised:
        return found
    found += _find_term_faults(terms, raised, matures)
    if loan.plan != Loan.Plan.OWN:
        if instalments:
            said = _("Only a loan that is repaid by own rows has instalments here. Empty the row, or choose own rows.")
            found += [LoanFault("instalments", place, "amount_ore", said) for place in range(len(instalments))]
        return found
    found += _find_instalment_faults(instalments, raised, matures)
    repaid = sum(row.amount_ore for row in instalments if row.amount_ore is not None)
    if loan.principal_ore is not None and repaid > loan.principal_ore:
        words = find_repayment_faults(loan.principal_ore, {raised.year: repaid})
        found += [LoanFault("", 0, "principal_ore", said) for said in words]
    return found


def find_sum_faults(loan: Loan, instalments: Sequence[LoanInstalment]) -> list[LoanFault]:
    """Return what can't be with a loan known as a debt on a day."""
    found = [LoanFault("", 0, field, words) for field, words in _find_name(loan)]
    if loan.debt_ore is not None and loan.debt_ore < 0:
        found.append(LoanFault("", 0, "debt_ore", _("Write an amount from 0 on.")))
    found += _find_row_faults(instalments)
    for place, row in enumerate(instalments):
        if row.due_on is not None:
            said = _("A sum of loans is repaid by year. Empty the day, and write the year.")
            found.append(LoanFault("instalments", place, "due_on", said))
    if loan.debt_on is None or loan.debt_ore is None or any(row.amount_ore is None for row in instalments):
        return found
    stated = to_statement(Loan(name=loan.name, debt_on=loan.debt_on, debt_ore=loan.debt_ore), _by_year(instalments))
    if find_plan_faults(stated.debt, repaid_after(stated), 0):
        words = find_repayment_faults(stated.debt, repaid_after(stated))
        found += [LoanFault("", 0, "debt_ore", said) for said in words]
    if loan.pk and (parts := _find_parts_faults(loan)):
        found += [LoanFault("", 0, "debt_ore", said) for said in parts]
    return found


def _by_year(rows: Iterable[LoanInstalment]) -> dict[int, int]:
    return {row.year: row.amount_ore for row in rows}


def _find_parts_faults(loan: Loan) -> Iterator[str]:
    assert loan.debt_on is not None
    assert loan.debt_ore is not None
    parts = list(loan.parts.all())
    late = [row.name for row in parts if row.raised_on is not None and row.raised_on > loan.debt_on]
    if late:
        said = _("These loans are part of the sum, and are raised after its day: %(names)s.")
        yield said % {"names": ", ".join(late)}
        return
    owed = sum(find_debt_on(row, loan.debt_on) or 0 for row in parts)
    if owed > loan.debt_ore:
        said = _("The loans that are part of the sum owe %(owed)s kr that day, more than the sum of %(debt)s kr.")
        yield said % {"owed": format_sek(owed), "debt": format_sek(loan.debt_ore)}


def _find_name(loan: Loan) -> Iterator[tuple[str, str]]:
    if loan.name and Loan.objects.filter(name__iexact=loan.name).exclude(pk=loan.pk).exists():
        yield "name", _("There is a loan “%(name)s” already.") % {"name": loan.name}
    same = Loan.objects.filter(lender__iexact=loan.lender, number__iexact=loan.number).exclude(pk=loan.pk)
    if loan.number and same.exists():
        yield "number", _("%(lender)s has a loan %(number)s already.") % {"lender": loan.lender, "number": loan.number}


def _find_own(loan: Loan) -> Iterator[tuple[str, str]]:
    yield from _find_name(loan)
    if loan.principal_ore is not None and loan.principal_ore <= 0:
        yield "principal_ore", _("Write an amount above 0.")
    raised, matures = loan.raised_on, loan.matures_on
    if raised is None or matures is None:
        return
    if matures <= raised:
        said = _("The loan is raised on %(raised)s. Write a day after that, or correct when it is raised.")
        yield "matures_on", said % {"raised": raised}
    yield from _find_equal_faults(loan, raised, matures)
    yield from _find_ties(loan, raised)


def _find_equal_faults(loan: Loan, raised: date, matures: date) -> Iterator[tuple[str, str]]:
    first = loan.first_instalment_on
    if loan.plan == Loan.Plan.EQUAL:
        if loan.every_months is None:
            yield "every_months", _("Choose how often an equal part is repaid.")
        if loan.instalment_ore is not None and loan.instalment_ore <= 0:
            yield (
                "instalment_ore",
                _("Write an amount above 0, or leave it empty to repay the whole loan in equal parts."),
            )
        elif loan.instalment_ore is not None and loan.principal_ore and loan.instalment_ore > loan.principal_ore:
            said = _("The loan is %(principal)s kr. Write at most that.")
            yield "instalment_ore", said % {"principal": format_sek(loan.principal_ore)}
        if first is not None and not raised < first <= matures:
            said = _("Write a day after %(raised)s and not after %(matures)s.")
            yield "first_instalment_on", said % {"raised": raised, "matures": matures}
        return
    for field in ("every_months", "instalment_ore", "first_instalment_on"):
        if getattr(loan, field) is not None:
            yield field, _("This is of equal parts only. Empty it, or choose equal parts above.")


def _find_ties(loan: Loan, raised: date) -> Iterator[tuple[str, str]]:
    old = loan.refinances
    if old is not None and old.pk == loan.pk:
        yield "refinances", _("A loan can't refinance itself.")
    elif old is not None and old.matures_on != raised:
        said = _("%(name)s matures on %(day)s. A loan refinances it on that day: write it as the day of raising.")
        yield "refinances", said % {"name": old.name, "day": old.matures_on}
    for later in loan.refinanced_by.all() if loan.pk else ():
        if later.raised_on != loan.matures_on:
            said = _("%(name)s refinances it on %(day)s. Let it mature that day, or change the other loan first.")
            yield "matures_on", said % {"name": later.name, "day": later.raised_on}
    whole = loan.part_of
    if whole is not None and whole.debt_on is not None and raised > whole.debt_on:
        said = _("%(name)s is stated on %(day)s, before the loan is raised, so it is not a part of it.")
        yield "part_of", said % {"name": whole.name, "day": whole.debt_on}


def _find_term_faults(terms: Sequence[LoanTerm], raised: date, matures: date) -> Iterator[LoanFault]:
    days: dict[date, int] = {}
    for place, row in enumerate(terms):
        if row.rate_percent is not None and not -MOST_PERCENT <= row.rate_percent <= MOST_PERCENT:
            said = _("A rate of %(rate)s %% is above 100 %%. Write the rate a year, for example 3.4.")
            yield LoanFault("terms", place, "rate_percent", said % {"rate": format_decimal(row.rate_percent)})
        if row.from_on is None:
            continue
        if row.from_on in days:
            said = _("Row %(row)s has a rate from the same day. Two rates can't hold at once: remove one of them.")
            yield LoanFault("terms", place, "from_on", said % {"row": days[row.from_on] + 1})
        days.setdefault(row.from_on, place)
        if not raised <= row.from_on < matures:
            said = _("The loan runs from %(raised)s to %(matures)s. Write a day within it.")
            yield LoanFault("terms", place, "from_on", said % {"raised": raised, "matures": matures})
    inside = [day for day in days if raised <= day < matures]
    if inside and min(inside) != raised:
        said = _("No rate holds from %(raised)s, when the loan is raised, until %(first)s. Add it.")
        yield LoanFault("terms", days[min(inside)], "from_on", said % {"raised": raised, "first": min(inside)})


def _find_row_faults(rows: Sequence[LoanInstalment]) -> Iterator[LoanFault]:
    known: dict[object, int] = {}
    for place, row in enumerate(rows):
        if row.amount_ore is not None and row.amount_ore < 0:
            said = _("What is repaid is written as 0 or more.")
            yield LoanFault("instalments", place, "amount_ore", said)
        if row.due_on is not None and row.year is not None and row.due_on.year != row.year:
            said = _("The day is not in that year. Write the day alone.")
            yield LoanFault("instalments", place, "year", said)
        key = row.due_on or row.year
        if key is not None and key in known:
            said = _("Row %(row)s is of the same day or year. Add the two together.")
            yield LoanFault("instalments", place, "due_on" if row.due_on else "year", said % {"row": known[key] + 1})
        known.setdefault(key, place)


def _find_instalment_faults(rows: Sequence[LoanInstalment], raised: date, matures: date) -> Iterator[LoanFault]:
    yield from _find_row_faults(rows)
    for place, row in enumerate(rows):
        shown = {"raised": raised, "matures": matures}
        if row.due_on is not None and not raised < row.due_on <= matures:
            said = _(
                "The loan is raised on %(raised)s and matures on %(matures)s. Write a day after the first, and not after the second."
            )
            yield LoanFault("instalments", place, "due_on", said % shown)
        elif row.due_on is None and row.year is not None and not _is_there(row.year, raised, matures):
            said = _("Nothing can be repaid then: the loan is raised on %(raised)s and matures on %(matures)s.")
            yield LoanFault("instalments", place, "year", said % shown)


def _is_there(year: int, raised: date, matures: date) -> bool:
    """Say whether anything can be repaid in a year: after the day of raising, up to maturity."""
    return raised.year <= year <= matures.year and raised < date(year, 12, 31)


def find_statement_faults(row: LoanStatement) -> list[tuple[str, str]]:
    """Return what can't be with a statement, as (field, words). One that contradicts the plan can be, and is told of."""
    faults = []
    day, loan = row.stated_on, row.loan
    if row.debt_ore is not None and row.debt_ore < 0:
        faults.append(("debt_ore", _("Write an amount from 0 on.")))
    if day is None:
        return faults
    if day > timezone.localdate():
        faults.append(("stated_on", _("%(day)s has not come yet. Write the day of the statement.") % {"day": day}))
    if loan.raised_on is not None and day < loan.raised_on:
        said = _("The loan is raised on %(raised)s. Write a day from then on.")
        faults.append(("stated_on", said % {"raised": loan.raised_on}))
    if LoanStatement.objects.filter(loan=loan, stated_on=day).exclude(pk=row.pk).exists():
        said = _("The loan has a statement of %(day)s already. Change that one.")
        faults.append(("stated_on", said % {"day": day}))
    return faults
