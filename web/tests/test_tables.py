"""Lists: caption, scopes, sums of true amounts, states, sorting."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory
from django.utils.translation import override

from web.tables import (
    BaseTable,
    ChangeColumn,
    CountColumn,
    NumberColumn,
    PercentColumn,
    SekColumn,
    StatusColumn,
    TkrColumn,
    total_label,
)

ROWS: list[dict[str, Any]] = [
    {"name": "Lifecare <b>", "state": "draft", "amount": 60_000, "change": 60_000, "price": 123_450},
    {"name": "Raindance", "state": "done", "amount": 60_000, "change": -60_000, "price": 100},
    {"name": "Unknown", "state": "odd", "amount": None, "change": None, "price": None},
]


class ProductTable(BaseTable):
    """Products for the tests."""

    caption = "Products, tkr"
    name = tables.Column(footer=total_label)
    state = StatusColumn(states={"done": "approved"})
    amount = TkrColumn(total=True, css="now")
    change = ChangeColumn(total=True)
    price = SekColumn(total=True)


def render(table: BaseTable, address: str = "/") -> str:
    request = RequestFactory().get(address)
    tables.RequestConfig(request, paginate=False).configure(table)
    with override("en"):
        return str(table.as_html(request))


def test_a_table_has_caption_region_and_row_headings() -> None:
    html = render(ProductTable(ROWS))
    assert "<caption>Products, tkr</caption>" in html
    assert 'role="region" tabindex="0" aria-label="Products, tkr"' in html
    assert '<th scope="row">Lifecare &lt;b&gt;</th>' in html
    assert 'style="' not in html
    assert 'class="even' not in html


def test_a_table_without_a_caption_is_refused() -> None:
    class Nameless(BaseTable):
        name = tables.Column()

    with pytest.raises(ValueError, match="caption"):
        Nameless([])
    assert Nameless([], caption="Given").caption == "Given"


def test_a_footer_rounds_the_true_total() -> None:
    html = render(ProductTable(ROWS))
    footer = html[html.index("<tfoot>") :]
    assert html.count('<td class="n now">1</td>') == 3  # 60 000 öre is 1 tkr, and 2 × 60 000 öre is 1 tkr as well
    assert '<td class="n">0</td>' in footer
    assert '<td class="n">1\u202f235.50</td>' in footer
    assert '<td class="n now">–</td>' in html


def test_a_footer_uses_the_total_it_is_given() -> None:
    assert '<td class="n now">7</td>' in render(ProductTable(ROWS, totals={"amount": 700_000}))


def test_a_state_has_icon_and_word() -> None:
    html = render(ProductTable(ROWS))
    assert 'class="status st-draft"' in html
    assert 'class="status st-approved"' in html
    assert 'class="status st-info"' in html


def test_a_sorted_column_says_so() -> None:
    html = render(ProductTable(ROWS), "/?sort=-name")
    assert 'aria-sort="descending"' in html
    assert html.index("Unknown") < html.index("Raindance")


def test_an_empty_table_says_so_in_words() -> None:
    html = render(ProductTable([]))
    assert "Det finns inget att visa." in html
    assert "<tfoot>" not in html


def test_long_lists_have_pages() -> None:
    table = ProductTable([{**ROWS[0], "name": f"P{number}"} for number in range(60)])
    request = RequestFactory().get("/?page=2")
    options: dict[str, Any] = {"per_page": 25, "paginator_class": Paginator}
    tables.RequestConfig(request, paginate=options).configure(table)
    with override("en"):
        html = str(table.as_html(request))
    assert 'aria-current="page" href="?page=2">2</a>' in html
    assert 'aria-label="Pages of Products, tkr"' in html


def test_per_cent_has_no_unit_in_the_cell() -> None:
    assert PercentColumn(signed=True).show(Decimal(6)) in ("+6,0", "+6.0")


def test_count_is_shown_without_decimals_and_quantity_without_needless_zeros() -> None:
    assert NumberColumn().show(14) == "14"
    assert NumberColumn().show(Decimal("14.000000")) == "14"
    assert NumberColumn().show(Decimal("1.500")) in ("1,5", "1.5")
    assert CountColumn().show(14_000) == "14\u202f000"
