"""Numbers, states and marks in templates: `{% load web %}`."""

import re
from decimal import Decimal
from uuid import uuid4

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engine.growth import Growth
from engine.identifiers import hyphenate
from web import marks, numbers
from web.charts import Chart
from web.exports import say_held
from web.filters import say_chosen
from web.jinja import draw
from web.names import Named, name_of
from web.tables import BaseTable

register = template.Library()
EMPTY_HEAD = re.compile(r"<th([^>]*)>\s*</th>")


@register.filter
def tkr(ore: int | None) -> str:
    """Show öre as tkr: `{{ total_ore|tkr }}`."""
    return numbers.format_tkr(ore)


@register.simple_tag
def fig(ore: int | None, url: str = "") -> str:
    """Show öre as tkr that lead to what they are made of, where there is an address: `{% fig row.earlier row.url %}`."""
    return marks.fig(ore, url)


@register.filter
def sek(ore: int | None, decimals: int | None = None) -> str:
    """Show öre as kronor: `{{ amount_ore|sek }}` or `{{ amount_ore|sek:2 }}`."""
    return numbers.format_sek(ore, decimals=decimals)


@register.filter
def change(ore: int | None) -> str:
    """Return a difference in öre as signed tkr."""
    return numbers.format_change(ore)


@register.filter
def percent(value: Decimal | None, sign: str = "") -> str:
    """Show per cent with one decimal; `{{ value|percent:"signed" }}` for a change."""
    return numbers.format_percent(value, signed=sign == "signed")


@register.filter
def growth(value: Growth, unit: str = "") -> str:
    """Show a change in per cent with its sign, or that it is new; `{{ row.growth|growth:" %" }}` with the sign %."""
    return numbers.format_growth(value, unit)


@register.filter
def number(value: Decimal | int | None) -> str:
    """Return an exact number that is no amount, such as a quantity, without needless zeros."""
    return numbers.UNKNOWN if value is None else numbers.format_quantity(value)


@register.filter
def hyphenated(number: str) -> str:
    """Show an organisation number or a bankgiro as people write it."""
    return hyphenate(number)


@register.filter
def named(thing: Named) -> str:
    """Return the name in the reader's language of anything with name_sv and name_en: `{{ sub_budget|named }}`."""
    return name_of(thing)


@register.simple_tag
def chart(shown: Chart, css: str = "") -> SafeString:
    """Return a chart with its table: `{% chart charts.debt "c6" %}`."""
    return shown.show(css)


@register.simple_tag
def chosen(form: BaseForm) -> str:
    """Return what is chosen in a filter, in words: `{% chosen filter.form as words %}`."""
    return say_chosen(form)


@register.simple_tag
def held(table: BaseTable) -> str:
    """Return how many rows a list holds and what its filter leaves out; nothing for a list that is empty by itself."""
    chosen = getattr(table, "context", {}).get("filter")
    count = table.paginator.count if getattr(table, "paginator", None) else len(table.rows)
    return say_held(count, chosen, is_all=table.is_all) if count or chosen is not None else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon: `{% icon "plus" %}`."""
    return marks.icon(name)


@register.simple_tag
def once() -> SafeString:
    """Return a form's own key, by which it is carried out once however often it is sent."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.simple_tag
def status(state: str, label: marks.Words) -> SafeString:
    """Return a state with icon and word: `{% status budget.status budget.get_status_display %}`."""
    return marks.status(state, label)


@register.simple_tag
def status_pill(state: str, label: marks.Words) -> SafeString:
    """Return the same for a page head."""
    return marks.status(state, label, pill=True)


@register.simple_tag
def assumed() -> SafeString:
    """Return the mark of a guessed figure."""
    return marks.assumed()


@register.simple_tag
def unknown() -> SafeString:
    """Return the mark of a figure not known."""
    return marks.unknown()


@register.filter
def no_empty_heads(table: SafeString) -> SafeString:
    """Return a table in which headings without words are cells, since they head nothing for who hears it read."""
    return SafeString(EMPTY_HEAD.sub(r"<td\1></td>", table))


@register.filter
def provenance(source: str) -> SafeString:
    """Return where a figure comes from: `{{ line.provenance|provenance }}`."""
    return marks.provenance(source)


@register.filter
def doubt(source: str) -> SafeString:
    """Return the mark of a figure or column that rests on copied or assumed ones: `{{ sources.0|doubt }}`."""
    return marks.doubt(source)


@register.simple_tag(takes_context=True)
def jinja(context: template.Context, name: str, **given: object) -> SafeString:
    """Draw a part in the other template language, which knows what is given: `{% jinja "…/_rows.jinja" table=table %}`."""
    return draw(name, context["request"], **given)
