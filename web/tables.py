"""Lists as the sheet draws them: a caption, row headings, numbers to the right, a footer that sums true amounts.

The trick: sums are of the raw öre, rounded once when shown, so a footer never adds up rounded figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast

import django_tables2 as tables
from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime, make_naive
from django.utils.translation import gettext as _
from django_tables2.utils import Accessor, signature

from engine.alphabet import swedish_key
from web import marks, numbers
from web.jinja import draw
from web.ordering import in_order
from web.workbook import Form, Value, sek

if TYPE_CHECKING:
    from django_tables2.columns import BoundColumn
    from django_tables2.rows import BoundRow

Words = str | Promise
# What a column shows as a number: öre, per cent or any other, as the column's kind says.
Number: TypeAlias = Any


# A column that a phone leaves out, since the page that its row leads to shows it too.
OPTIONAL = {part: {"class": "opt"} for part in ("th", "td", "tf")}


class BaseTable(tables.Table):
    """A table with a caption, which is required: set `caption` on the class or give it when the table is made.

    `row_header` names the column whose cells head their rows (the first when empty). `totals` gives a footer's sum when
    the rows at hand are not all there are, `is_all` whether its number of rows is that of the list. A table with no rows
    says `Meta.empty_text`.
    """

    caption: Words = ""
    is_all = True
    caption_hidden: ClassVar[bool] = False
    row_header: ClassVar[str] = ""

    def __init__(
        self, *args: object, caption: Words = "", totals: Mapping[str, int] | None = None, **kwargs: object
    ) -> None:
        kwargs.setdefault("empty_text", self._meta.empty_text or _("There is nothing to show."))
        kwargs.setdefault("default", numbers.UNKNOWN)
        kwargs.setdefault("template_name", "django_tables2/itsam.html")
        super().__init__(*args, **kwargs)
        self.caption = caption or self.caption
        self.totals = totals or {}
        if not self.caption:
            raise ValueError(f"{type(self).__name__} needs a caption")

    @property
    def row_header_name(self) -> str:
        """Return the name of the column that heads the rows."""
        return self.row_header or next(iter(self.columns)).name

    @property
    def order_by(self) -> Any:
        """Return the columns by which the rows are sorted."""
        return super().order_by

    @order_by.setter
    def order_by(self, value: object) -> None:
        """Sort the rows by columns; texts in Swedish order."""
        tables.Table.order_by.fset(self, value)
        rows = self.data.data
        if isinstance(rows, QuerySet):
            self.data.data = rows.order_by(*in_order(rows.model, rows.query.order_by))
        elif isinstance(rows, list):
            self._sort(rows)

    def _sort(self, rows: list[Any]) -> None:
        """Sort anew what the library has sorted by the numbers of the letters; the last column first, the first last."""
        asked = [(alias, self.columns[alias.bare]) for alias in self.order_by]
        for alias, column in reversed(asked):
            as_it_is = alias[0] == column.order_by_alias[0]
            for part in reversed(column.order_by if as_it_is else column.order_by.opposite):
                rows.sort(key=_sort_key(Accessor(part.bare)), reverse=part.is_descending)

    def draw_rows(self) -> SafeString:
        """Return the rows, as many as the page shows; the classes of a column are the same in all of them."""
        head = self.row_header_name
        columns = [(_Cells(own), own.name == head, own.attrs["td"].get("class", "")) for own in self.columns]
        rows = [[(is_head, css, cells.draw(row)) for cells, is_head, css in columns] for row in self.paginated_rows]
        return draw("web/_table_rows.jinja", rows=rows)

    def get_column_class_names(self, classes_set: set[str], bound_column: BoundColumn) -> set[str]:
        """Keep column names out of the classes, where `status` or `total` would mean something else."""
        return classes_set - {"orderable", "asc", "desc"}


class _Cells:
    """Draws a column's cells as the library does, but asks for each of them only what differs between rows."""

    def __init__(self, column: BoundColumn) -> None:
        self.column = column
        self.accessor = column.accessor
        self.render = column.render
        self.wanted, self.takes_all = signature(self.render)
        self.words: Mapping[object, object] | None = None

    def draw(self, row: BoundRow) -> object:
        """Return what a row's cell shows."""
        value = self._read(row.record)
        if value in self.column.column.empty_values:
            return self.column.default
        given = {
            "value": value,
            "record": row.record,
            "column": self.column.column,
            "bound_column": self.column,
            "bound_row": row,
            "table": row.table,
        }
        return self.render(**given if self.takes_all else {name: given[name] for name in self.wanted})

    def _read(self, record: object) -> object:
        """Return a record's value, a choice as its word."""
        if self.words is None:
            self.words = self._list_words(record)
        value = self.accessor.resolve(record, quiet=True)
        return self.words.get(value, value) if self.words else value

    def _list_words(self, record: object) -> Mapping[object, object] | None:
        """Return the words of a model's choices; none for what is no choice, and None where the record has no such model."""
        holder, _name = self.accessor.penultimate(record)
        if holder is None:
            return None
        field = self.accessor.get_field(record) if isinstance(holder, Model) else None
        return {value: str(word) for value, word in getattr(field, "flatchoices", None) or ()}


class ValueColumn(tables.Column):
    """A column that a file holds as numbers or days, whatever words and links its table draws on the page.

    `form` is how a workbook shows it, `unit` what its heading names in a file.
    """

    form: ClassVar[Form]
    unit: ClassVar[str] = ""

    def value(self, value: Any) -> Value:
        """Return the value itself, for files."""
        return cast("Value", value)


class NumberColumn(ValueColumn):
    """A right-aligned number; with `total=True` the footer sums it. Columns for amounts give files kronor."""

    form: ClassVar[Form] = Form.QUANTITY

    def __init__(self, *args: object, total: bool = False, css: str = "", **kwargs: object) -> None:
        self.has_total = total
        names = f"n {css}".strip()
        kwargs.setdefault("attrs", {"th": {"class": names}, "td": {"class": names}, "tf": {"class": names}})
        if total:
            kwargs.setdefault("footer", self.sum_rows)
        super().__init__(*args, **kwargs)

    def render(self, value: Number) -> str:
        """Return the shown number."""
        return self.show(value)

    def value(self, value: Number) -> Value:
        """Return the number itself, for files; columns for amounts return kronor."""
        if self.form in (Form.AMOUNT, Form.CHANGE):
            return sek(value)
        return numbers.trim(value) if isinstance(value, Decimal) else cast("Value", value)

    def show(self, value: Number) -> str:
        """Return a number as shown, without needless zeros; columns for amounts say how."""
        return numbers.format_quantity(value)

    def sum_rows(self, bound_column: BoundColumn, table: BaseTable) -> str:
        """Return the shown sum."""
        return self.show(self.count_total(bound_column, table))

    def count_total(self, bound_column: BoundColumn, table: BaseTable) -> Number:
        """Return the sum: the given total, or that of all rows, not only of this page."""
        if bound_column.name in table.totals:
            return table.totals[bound_column.name]
        return sum(_values(bound_column, table))


class CountColumn(NumberColumn):
    """A whole number, such as how many lines there are."""

    form = Form.COUNT

    def show(self, value: Number) -> str:
        """Return it with its thousands apart."""
        return numbers.format_whole(int(value))


class DayColumn(ValueColumn):
    """A day, written so that days sort as they are read; in a file a day that can be counted with."""

    form = Form.DATE

    def __init__(self, *args: object, css: str = "", **kwargs: object) -> None:
        kwargs.setdefault(
            "attrs", {"th": {"class": css}, "td": {"class": f"nowrap {css}".strip()}, "tf": {"class": css}}
        )
        super().__init__(*args, **kwargs)

    def render(self, value: date) -> str:
        """Return the day."""
        return value.isoformat()


class MomentColumn(DayColumn):
    """Day and time by the reader's clock; in a file to the second."""

    form = Form.MOMENT

    def render(self, value: date) -> str:
        """Return day and time as said."""
        return date_format(localtime(cast("datetime", value)), "Y-m-d H:i")

    def value(self, value: datetime) -> datetime:
        """Return the moment by the reader's clock, without the zone that no workbook knows."""
        return make_naive(value).replace(microsecond=0)


class TkrColumn(NumberColumn):
    """Öre shown as tkr. `css` takes `now` (budget year) or `cmp`, `cmp-first` (last year)."""

    form = Form.AMOUNT

    def show(self, value: Number) -> str:
        """Return tkr."""
        return numbers.format_tkr(value)


class SekColumn(NumberColumn):
    """Öre shown as kronor with two decimals, so that the figures stand under each other."""

    form = Form.AMOUNT

    def show(self, value: Number) -> str:
        """Return kronor."""
        return numbers.format_sek(value, decimals=2)


class ChangeColumn(NumberColumn):
    """A difference in öre as signed tkr."""

    form = Form.CHANGE

    def show(self, value: Number) -> str:
        """Return signed tkr."""
        return numbers.format_change(value)


class PercentColumn(NumberColumn):
    """Per cent with one decimal; it has no sum."""

    form = Form.PERCENT

    def __init__(self, *args: object, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        super().__init__(*args, **kwargs)

    def show(self, value: Number) -> str:
        """Return per cent."""
        return numbers.format_percent(value, signed=self.signed)


class StatusColumn(tables.Column):
    """A state as icon and word. `states` maps the row's value to one of `marks.STATES` when they differ."""

    def __init__(self, *args: object, states: Mapping[str, str] | None = None, **kwargs: object) -> None:
        self.states = states or {}
        super().__init__(*args, **kwargs)

    def render(self, value: object, record: object, bound_column: BoundColumn) -> SafeString:
        """Return icon and word; the word is the model's own for its choice."""
        raw = _raw(bound_column, record, value)
        return marks.status(self.states.get(raw, raw), _word(bound_column, record, value))

    def value(self, value: object, record: object, bound_column: BoundColumn) -> str:
        """Return the word, for files."""
        return _word(bound_column, record, value)


class ProvenanceColumn(tables.Column):
    """Where a figure comes from."""

    def render(self, value: object, record: object, bound_column: BoundColumn) -> SafeString:
        """Return the mark."""
        return marks.provenance(_raw(bound_column, record, value))

    def value(self, value: object) -> str:
        """Return the word, for files."""
        return str(value)


def _sort_key(path: Accessor) -> Callable[[Any], tuple[bool, Any]]:
    """Return what rows are sorted by: nothing first, a text in Swedish order."""

    def read(row: Any) -> tuple[bool, Any]:
        value = path.resolve(row, quiet=True)
        return value is not None, swedish_key(str(value)) if isinstance(value, str | Promise) else value

    return read


def total_label() -> SafeString:
    """Return the footer's word, for the column that heads the rows: `Column(footer=total_label)`."""
    return format_html("<b>{}</b>", _("Total"))


def _values(bound_column: BoundColumn, table: BaseTable) -> Iterable[int]:
    for record in table.data:
        value = bound_column.accessor.resolve(record)
        if value is not None:
            yield value


def _raw(bound_column: BoundColumn, record: object, value: object) -> str:
    """Return the stored value of a choice, of which the library has already made the shown word."""
    stored = bound_column.accessor.resolve(record, quiet=True)
    return str(value if stored is None else stored)


def _word(bound_column: BoundColumn, record: object, value: object) -> str:
    """Return the model's own word for a choice, also where a record that is no model holds the model."""
    holder, name = bound_column.accessor.penultimate(record)
    say = getattr(holder, f"get_{name}_display", None)
    return str(say() if say else value)
