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
from budgets.models import Budget
from budgets.selectors.budgets import Progress, find_budget, load_progress
from records.services.files import store_file
from records.services.jobs import JobError, Run, start_job
from reports.overview.printed import load_printed
from reports.workbook.lines import Written, list_columns, write_part
from reports.workbook.loans import (
    investment_columns,
    loan_columns,
    planned_columns,
    write_investments,
    write_loans,
    write_planned,
)
from reports.workbook.overview import (
    overview_columns,
    result_columns,
    revenue_columns,
    write_overview,
    write_result,
    write_revenue,
)
from reports.workbook.printed import write_printed
from reports.workbook.selectors import Contents, load_contents
from web.names import name_of
from web.workbook import CONTENT_TYPE, Book, Column, Sheet

if TYPE_CHECKING:
    from records.models import Job

# A line takes most of a millisecond: more lines than this keep a person, and a web server's thread, for over two seconds.
LINES_AT_ONCE = 2_000
HEAD_ROW = 5
Report = Callable[[float, str], None]


def name_workbook(budget: Budget) -> str:
    """Return the file's name."""
    return f"{budget.slug}.xlsx"


def start_workbook(budget: Budget, user: User, *, language: str) -> Job:
    """Start a job that makes the workbook in a language and keeps it as the user's file."""
    return start_job(
        kind="workbook",
        title=_("%(budget)s as a workbook") % {"budget": budget.name},
        task="reports.make_workbook",
        arguments={"budget": budget.slug, "language": language},
        by=user,
    )


def store_workbook(run: Run) -> None:
    """What the job does: the workbook as its starter may see it now, stored as a file."""
    user = run.job.started_by
    with translation.override(run.arguments["language"]):
        budget = None if user is None else find_budget(user, run.arguments["budget"])
        if user is None or budget is None:
            raise JobError(_("The budget no longer exists, or you may no longer see it."))
        content = make_workbook(budget, user, report=run.report)
        file = store_file(content, name=name_workbook(budget), content_type=CONTENT_TYPE, by=user, about=run.job.uuid)
        run.report(100, _("The workbook is ready."))
        run.finish({"file": file.uuid})


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


class _Maker:
    """Makes a book from its contents."""

    def __init__(self, contents: Contents, report: Report) -> None:
        now = timezone.now()
        self.contents, self.report = contents, report
        self.book = _start_book(contents.budget, now, contents.amounts())
        self.head = _head(contents.budget, contents.progress, now)

    def make(self) -> bytes:
        """Return the file."""
        budget = self.contents.budget
        overview = self._add(_("Overview"), overview_columns(budget))
        result = self._add(_("Result"), result_columns(budget))
        revenue = self._add(_("Revenue by category"), revenue_columns(budget))
        parts = self._write_parts()
        total = write_overview(overview, parts, self.contents)
        write_result(result, overview, total, parts, self.contents)
        write_revenue(revenue, overview, total, parts, self.contents)
        invested = write_investments(self._add(_("Investments"), investment_columns(budget)), self.contents)
        planned = write_planned(self._add(_("Planned loans"), planned_columns()), self.contents)
        loans = self._add(_("Loans and framework"), loan_columns(self.contents))
        write_loans(loans, invested, planned, self.contents)
        self.report(90, _("Writing the file"))
        return self.book.save()

    def _write_parts(self) -> list[Written]:
        written, parts, columns = [], self.contents.parts, list_columns(self.contents.budget)
        for place, part in enumerate(parts):
            name = name_of(part.sub_budget)
            self.report(20 + 70 * place / len(parts), name)
            written.append(write_part(self._add(name, columns, frozen_columns=2), part, self.contents))
        return written

    def _add(self, name: str, columns: Sequence[Column], *, frozen_columns: int = 1) -> Sheet:
        sheet = self.book.add_sheet(name, columns, head_row=HEAD_ROW, frozen_columns=frozen_columns)
        sheet.write_head([name, *self.head])
        return sheet


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
    return [_say_which(budget), f"{version}. {_say_made(now)}. {_('Amounts in SEK.')}"]


def _say_which(budget: Budget) -> str:
    return f"{budget.name}, {budget.get_kind_display()}, {budget.get_status_display()}"


def _say_made(now: datetime) -> str:
    return _("Exported %(moment)s") % {"moment": _moment(now)}


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d H:i")
