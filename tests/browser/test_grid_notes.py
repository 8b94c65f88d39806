"""A note that its cell cuts is read whole: by keys below the table, by pointer at it, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import OTHER, left_of, open_grid, right_of
from tests.site import Site

LONG_NOTE = "Avtalet löper ut den 30 juni 2027 och höjs därefter med index; " * 6
NOTED = f"""
from budgets.models import CostLine
line = CostLine.objects.filter(budget__slug="budget-2027", budget_product__sub_budget__slug="klient", cost_kind="depreciation").earliest("pk")
CostLine.objects.filter(pk=line.pk).update(note="{LONG_NOTE}")
"""


@pytest.mark.parametrize("unit", ["tkr", "kr"])
@pytest.mark.parametrize("width", [1280, 390])
def test_long_note_is_read_whole_where_one_stands_in_it_beside_the_figures(
    site: Site, sign_in: SignIn, run_code: RunCode, width: int, unit: str
) -> None:
    run_code(NOTED)
    page = sign_in("ekonom")
    page.set_viewport_size({"width": width, "height": 800})
    open_grid(page, site, OTHER, unit)
    whole = page.locator("[data-grid-whole]")
    at = page.locator("#lines tr.line input[value^='Avtalet löper ut']")
    at.hover()
    assert at.get_attribute("title") == LONG_NOTE.strip()

    at.evaluate("note => note.closest('tr').querySelector('input[name$=amount_3_ore]').focus()")
    expect(whole).to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(at).to_be_focused()
    expect(whole).to_have_text(LONG_NOTE.strip())
    assert whole.evaluate("whole => whole.scrollHeight <= whole.clientHeight")
    expect(whole).to_be_in_viewport(ratio=1)
    expect(at).to_be_in_viewport()
    change = at.locator("xpath=../preceding-sibling::td[1]")
    assert right_of(change) <= left_of(at)
    last = page.locator("#lines tfoot tr:visible > th").last
    foot = page.locator(".grid-foot").bounding_box()
    shown = last.bounding_box()
    assert foot and shown and (unit == "kr" or width < 1280 or shown["y"] + shown["height"] <= foot["y"] + 1)

    page.keyboard.press("F2")
    expect(whole).to_have_text("")
    page.keyboard.press("Escape")
    expect(whole).to_have_text(LONG_NOTE.strip())
    page.keyboard.press("ArrowLeft")
    expect(whole).to_have_text("")
