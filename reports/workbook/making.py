"""A budget as a workbook: every sub-budget with its lines, and sheets that gather them by formulas.

The trick: sheets stand in the order people read them and are written in the order formulas need, so that each formula
knows the rows it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.models import Budget, SubBudget
from budgets.selectors.budgets import Progress, find_budget, find_earlier, load_progress
from budgets.selectors.sub_budgets import find_sub_budget
from engine.result import sum_amounts
from records.services.files import store_file
from records.services.jobs import JobError, Run, start_job
from reports.overview.printed import load_printed
from reports.workbook.all_lines import all_line_columns, write_all_lines
from reports.workbook.contents import contents_columns, way_back, write_contents
from reports.workbook.lines import YEARS, Written, list_columns, write_part
from reports.workbook.loans import (
    investment_columns,
    loan_columns,
    planned_columns,
    write_investments,
    write_loans,
    write_planned,
)
from reports.workbook.members import less_income, member_columns, share_columns, write_members, write_shares
from reports.workbook.overview import (
    overview_columns,
    result_columns,
    revenue_columns,
    write_overview,
    write_result,
    write_revenue,
)
from reports.workbook.printed import write_printed
from reports.workbook.repayments import repayment_columns, write_repayments
from reports.workbook.selectors import Contents, Part, load_contents, load_parts
from reports.workbook.shares import Shares, load_member_shares
from web.names import name_of
from web.workbook import CONTENT_TYPE, Book, Column, Sheet

if TYPE_CHECKING:
    from records.models import Job

# A line takes most of a millisecond: more lines than this keep a person, and a web server's thread, for over two seconds.
LINES_AT_ONCE = 2_000
HEAD_ROW = 5
Report = Callable[[float, str], None]


def name_workbook(budget: Budget, sub_budget: SubBudget | None = None) -> str:
    """Return the file's name."""
    return f"{budget.slug}-{sub_budget.slug}.xlsx" if sub_budget else f"{budget.slug}.xlsx"


def start_workbook(budget: Budget, user: User, *, language: str, sub_budget: SubBudget | None = None) -> Job:
    """Start a job that makes the workbook, of one sub-budget only when given, and keeps it as the user's file."""
    name = ", ".join(([name_of(sub_budget)] if sub_budget else []) + [budget.name])
    arguments = {"budget": budget.slug, "language": language}
    return start_job(
        kind="workbook",
        title=_("%(budget)s as a workbook") % {"budget": name},
        task="reports.make_workbook",
        arguments={**arguments, "sub_budget": sub_budget.slug} if sub_budget else arguments,
        by=user,
    )


def store_workbook(run: Run) -> None:
    """What the job does: the workbook as its starter may see it now, stored as a file."""
    user = run.job.started_by
    with translation.override(run.arguments["language"]):
        budget = None if user is None else find_budget(user, run.arguments["budget"])
        if user is None or budget is None:
            raise JobError(_("The budget no longer exists, or you may no longer see it."))
        content, name = _make_wanted(budget, user, run)
        file = store_file(content, name=name, content_type=CONTENT_TYPE, by=user, about=run.job.uuid)
        run.report(100, _("The workbook is ready."))
        run.finish({"file": file.uuid})


def _make_wanted(budget: Budget, user: User, run: Run) -> tuple[bytes, str]:
    """Make the workbook of the budget, or of the sub-budget that was asked for, with its name."""
    slug = run.arguments.get("sub_budget")
    if not slug:
        return make_workbook(budget, user, report=run.report), name_workbook(budget)
    sub_budget = find_sub_budget(user, budget.slug, slug)
    if sub_budget is None:
        raise JobError(_("The budget is gone, or you may not see it any more."))
    return make_part_workbook(sub_budget, user), name_workbook(budget, sub_budget)


def make_workbook(budget: Budget, user: User, *, report: Report | None = None) -> bytes:
    """Make the workbook of a budget that the user may see, in the language at hand.

    `report` is called with the per cent done.
    """
    report = report or (lambda _percent, _message: None)
    report(0, _("Reading the lines"))
    if budget.status == Budget.Status.PUBLISHED_FIGURES:
        return _make_printed(budget)
    contents = load_contents(budget, user)
    return _Maker(contents, report).make()


def _make_printed(budget: Budget) -> bytes:
    now, printed = timezone.now(), load_printed(budget)
    tables = (printed.result, printed.categories, printed.sub_budgets)
    book = _start_book(budget, now, (ore for rows in tables for _label, _style, ore in rows))
    head = _head(budget, load_progress(budget), now)
    write_printed(book, printed, head=head, head_row=HEAD_ROW, year=budget.fiscal_year)
    return book.save()


class _Book:
    """A book whose first sheet is its contents, filled in when the others are written."""

    def __init__(self, budget: Budget, amounts: Iterable[int]) -> None:
        now = timezone.now()
        self.budget = budget
        self.book = _start_book(budget, now, amounts)
        self.head = _head(budget, load_progress(budget), now)
        self.others: list[tuple[Sheet, str, str]] = []
        self.contents = self.book.add_sheet(_("Contents"), contents_columns(), head_row=HEAD_ROW)
        self.contents.write_head([_("Contents"), *self.head])

    def add(self, name: str, about: str, columns: Sequence[Column], *, frozen_columns: int = 1) -> Sheet:
        """Return a new last sheet, of which the contents say what it holds."""
        sheet = self.book.add_sheet(name, columns, head_row=HEAD_ROW, frozen_columns=frozen_columns)
        sheet.write_head([name, *self.head], back=way_back(self.contents))
        self.others.append((sheet, name, about))
        return sheet

    def add_part(self, part: Part, columns: Sequence[Column]) -> Written:
        """Add a sub-budget's sheet."""
        about = _("Products with their lines, summed by formulas, and the sum of each cost kind")
        return write_part(self.add(name_of(part.sub_budget), about, columns, frozen_columns=2), part, self.budget)

    def add_lines_and_members(self, parts: Sequence[Written], shares: Shares, whole: Sequence[tuple[str, int]]) -> None:
        """Add what all sub-budgets share: every line in one table, and what each customer pays."""
        about = _("Every line in one table, for filters and pivot tables")
        write_all_lines(self.add(_("All lines"), about, all_line_columns(self.budget)), parts)
        about = _("What each customer pays, beside the year before")
        members = self.add(_("Members' cost"), about, member_columns(self.budget))
        about = _("The share of each product that each customer pays, with its allocation key")
        detail = self.add(_("Members' shares"), about, share_columns(self.budget))
        charged = [less_income(parts, place, *pair) for place, pair in enumerate(whole)]
        write_members(members, detail, write_shares(detail, shares), shares, charged)

    def save(self) -> bytes:
        """Return the file."""
        write_contents(self.contents, self.others)
        return self.book.save()


class _Maker:
    """Makes the book of a budget from its contents."""

    def __init__(self, contents: Contents, report: Report) -> None:
        self.contents, self.report = contents, report
        self.book = _Book(contents.budget, contents.amounts())

    def make(self) -> bytes:
        """Return the file."""
        budget, contents, add = self.contents.budget, self.contents, self.book.add
        about = _("Each sub-budget's total beside the year before")
        overview = add(_("Overview"), about, overview_columns(budget))
        result = add(_("Result"), _("The result budget, from the sub-budgets' cost kinds"), result_columns(budget))
        about = _("Revenue by category with its products")
        revenue = add(_("Revenue by category"), about, revenue_columns(budget))
        parts = self._write_parts()
        total = write_overview(overview, parts, contents)
        write_result(result, overview, total, parts, contents)
        write_revenue(revenue, overview, total, parts, contents)
        sums = sum_amounts(part.sheet.amounts for part in contents.parts)
        whole = [(overview.ref(letter, total), ore) for letter, ore in zip("EFG", sums, strict=True)]
        self.book.add_lines_and_members(parts, contents.shares, whole)
        self._write_loans()
        self.report(90, _("Writing the file"))
        return self.book.save()

    def _write_parts(self) -> list[Written]:
        written, parts, columns = [], self.contents.parts, list_columns(self.contents.budget)
        for place, part in enumerate(parts):
            self.report(20 + 70 * place / len(parts), name_of(part.sub_budget))
            written.append(self.book.add_part(part, columns))
        return written

    def _write_loans(self) -> None:
        """Write what is bought and borrowed; the loan forecast sums the sheets before it."""
        budget, contents, add, years = self.contents.budget, self.contents, self.book.add, self.contents.loan_years
        invested = write_investments(
            add(_("Investments"), _("The investment budget and finance leases"), investment_columns(budget)), contents
        )
        planned = write_planned(
            add(_("Planned loans"), _("The loans that the budget plans"), planned_columns()), contents
        )
        about = _("What each loan repays in each year, by its amount and its years")
        repaid = write_repayments(
            add(_("Repayments"), about, repayment_columns(years)), planned, contents.repayments, years
        )
        about = _("The loan forecast against the borrowing framework")
        loans = add(_("Loans and framework"), about, loan_columns(contents))
        write_loans(loans, invested, planned, repaid, contents)


def make_part_workbook(sub_budget: SubBudget, user: User) -> bytes:
    """Make the workbook of one sub-budget that the user may see, in the language at hand."""
    budget, earlier = sub_budget.budget, find_earlier(sub_budget.budget)
    [part] = load_parts(budget, user, earlier, sub_budget)
    book = _Book(budget, (ore for product in part.sheet.products for line in product.lines for ore in line.amounts))
    written = book.add_part(part, list_columns(budget))
    shares = load_member_shares(budget, earlier, user, [sub_budget.lineage])
    sums = zip(YEARS, part.sheet.amounts, strict=True)
    whole = [(written.sheet.ref(letter, written.total), ore) for letter, ore in sums]
    book.add_lines_and_members([written], shares, whole)
    return book.save()


def _start_book(budget: Budget, now: datetime, amounts: Iterable[int]) -> Book:
    return Book(
        title=budget.name,
        about=_say_which(budget),
        made=_say_made(now),
        page=_("Page {page} of {pages}"),
        amounts=amounts,
    )


def _head(budget: Budget, progress: Progress, now: datetime) -> list[str]:
    """Return what stands above every table: which budget, which version of it, and when it was taken out."""
    version = _("Forecasts are not computed yet")
    if progress.computed_at is not None:
        version = _("Version %(number)s, forecasts computed %(moment)s") % {
            "number": progress.computed,
            "moment": _moment(progress.computed_at),
        }
    if progress.behind and budget.status == Budget.Status.DRAFT:
        version += _(", changes after that are waiting to be computed")
    unit = _("Amounts in SEK.")
    return [_say_which(budget), f"{version}. {_say_made(now)}. {unit}"]


def _say_which(budget: Budget) -> str:
    return f"{budget.title}, {budget.stage}"


def _say_made(now: datetime) -> str:
    return _("Exported %(moment)s") % {"moment": _moment(now)}


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i")
