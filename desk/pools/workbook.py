"""Pools and the table of hours as a workbook: what pools cost, and who uses them, a sheet for each year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from desk.pools.base import UnderPools
from desk.pools.overview import Overview, PoolFigures, load_overview
from pricing.models import CostPool
from pricing.selectors.matrix import Matrix, MatrixRow, load_matrix
from web.names import name_of
from web.numbers import trim
from web.workbook import CONTENT_TYPE, Book, Column, Form, Value, Weight, sek

HEAD_ROW = 4


class PoolsWorkbookView(UnderPools, TemplateView):
    """The file."""

    title = gettext_lazy("Cost pools and staff time")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return it."""
        made = _("Made %(time)s") % {"time": date_format(timezone.localtime(), "Y-m-d H:i")}
        matrices = [load_matrix(self.budget, year) for year in range(3)]
        overviews = [load_overview(matrix, with_posts=False) for matrix in matrices]
        amounts = [row.cost for row in (*overviews[0].rows, overviews[0].total)]
        book = Book(
            title=str(self.title),
            about=f"{self.budget.title}, {self.title}",
            made=made,
            page=_("Page {page} of {pages}"),
            amounts=amounts,
        )
        for overview in overviews:
            self._add_pools(book, overview, made)
        for matrix in matrices:
            self._add_matrix(book, matrix, made)
        response = HttpResponse(book.save(), content_type=CONTENT_TYPE)
        subject = _("cost-pools")
        name = f"{self.budget.slug}-{subject}-{timezone.localdate().isoformat()}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _in_year(self, words: object, year: int) -> str:
        return f"{words} {self.budget.years[year]}"

    def _add_pools(self, book: Book, overview: Overview, made: str) -> None:
        labels = [
            _("Cost"),
            _("Base grant"),
            _("Server operation"),
            _("Staff time"),
            _("Other pools, net"),
            overview.earlier_name,
        ]
        columns = [Column(_("Cost pool"), 40, Form.TEXT), *(Column(label, 16, Form.AMOUNT) for label in labels)]
        sheet = book.add_sheet(self._in_year(_("Pools"), overview.year), columns, head_row=HEAD_ROW)
        sheet.write_head([f"{self._in_year(self.title, overview.year)}, kr", self.budget.title, made])
        sheet.start_table()
        for row in overview.rows:
            sheet.add([row.name, *_values(row)])
        sheet.add([_("Total"), *_values(overview.total)], Weight.TOTAL)

    def _add_matrix(self, book: Book, matrix: Matrix, made: str) -> None:
        year = matrix.year
        heads = [f"{name_of(pool)}, {pool.get_unit_display()}" for pool in matrix.pools]
        columns = [
            Column(_("Sub-budget"), 26, Form.TEXT),
            Column(_("Product"), 40, Form.TEXT),
            *(Column(head, 14, Form.COUNT) for head in heads),
            Column(_("Takes of the pools, kr"), 16, Form.AMOUNT),
        ]
        sheet = book.add_sheet(self._in_year(_("Use"), year), columns, head_row=HEAD_ROW, frozen_columns=2)
        sheet.write_head([self._in_year(_("Use of the pools"), year), self.budget.title, made])
        sheet.start_table()
        for group in matrix.groups:
            name = name_of(group.sub_budget) if group.sub_budget else _("Pools")
            for row in group.rows:
                if row.weights:
                    sheet.add([name, *_uses(row, matrix.pools)])


def _values(row: PoolFigures) -> list[Value]:
    figures = (row.cost, row.base_grant, row.server_operation, row.staff_time, row.between, row.earlier)
    return [sek(ore) for ore in figures]


def _uses(row: MatrixRow, pools: list[CostPool]) -> list[Value]:
    name = name_of(row.target) if isinstance(row.target, CostPool) else row.target.name
    weights: list[Value] = [trim(row.weights[pool.pk]) if pool.pk in row.weights else None for pool in pools]
    return [name, *weights, sek(sum(row.shares.values()))]
