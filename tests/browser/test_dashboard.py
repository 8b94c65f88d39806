"""The board's dashboard as it is read: no fault in any appearance, charts that fit and change colour, and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import SignIn
from tests.browser.test_pages import DESKTOP, PHONE, VARIANTS, find_faults
from tests.site import Site

PAGE = "/budgets/budget-2027/dashboard/"
SHOWN = "figure .chart svg:visible"
# Each visible text of a chart against the edges of its image, in pixels of the screen.
CUT = """images => images.flatMap(image => {
    const edge = image.getBoundingClientRect();
    return [...image.querySelectorAll("text")].filter(text => {
        const box = text.getBoundingClientRect();
        return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
    }).map(text => text.textContent);
})"""
# Pairs of visible texts of a chart that lie over each other.
OVER = """images => images.flatMap(image => {
    const texts = [...image.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    return texts.flatMap(([one, a], index) => texts.slice(index + 1).filter(([, b]) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4
    ).map(([other]) => `${one} / ${other}`));
})"""
COLOUR = "shape => getComputedStyle(shape).fill"


def check_dashboard(site: Site, sign_in: SignIn, **variant: Any) -> None:
    page = sign_in("direktion", **variant)
    assert find_faults(page, site.url + PAGE) == []
    for table in page.locator("details.as-table").all():
        table.locator("summary").click()
    assert page.locator(".as-table table:visible").count() == 8
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_dashboard_is_without_fault_also_with_its_tables_open(site: Site, sign_in: SignIn, viewport: Any) -> None:
    check_dashboard(site, sign_in, viewport=viewport)


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant", VARIANTS[1:], ids=lambda v: f"{v['language']}-{v['color_scheme']}-{v['viewport']['width']}"
)
def test_dashboard_is_without_fault_in_every_variant(site: Site, sign_in: SignIn, variant: dict[str, Any]) -> None:
    check_dashboard(site, sign_in, **variant)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_label_of_a_chart_is_cut_or_over_another(site: Site, sign_in: SignIn, language: str, viewport: Any) -> None:
    page = sign_in("direktion", language=language, viewport=viewport)
    page.goto(site.url + PAGE)
    page.evaluate("document.fonts.ready")
    images = page.locator(SHOWN)
    assert images.count() == 8
    assert images.evaluate_all(CUT) == []
    assert images.evaluate_all(OVER) == []
    sizes = images.locator("text").evaluate_all("texts => texts.map(text => text.getBoundingClientRect().height)")
    assert min(sizes) > 12


def test_charts_follow_the_switch_of_appearance_and_paper_is_light(site: Site, sign_in: SignIn) -> None:
    page = sign_in("direktion")
    page.goto(site.url + PAGE)
    bar = page.locator('[data-chart="revenue"] svg:visible .fill-first').first
    light = bar.evaluate(COLOUR)
    page.locator("[data-theme-switch]").click()
    assert bar.evaluate(COLOUR) != light
    page.emulate_media(media="print")
    printed = page.locator('[data-chart="revenue"] svg:visible .fill-first').first
    assert printed.evaluate(COLOUR) == light


def test_figure_opens_its_lines(site: Site, sign_in: SignIn) -> None:
    page = sign_in("direktion", to="/")
    page.wait_for_url(f"**{PAGE}")
    chart = page.locator('[data-chart="objects"]')
    chart.locator("summary").click()
    chart.get_by_role("row", name="Socialtjänst").get_by_role("link").first.click()
    page.wait_for_url("**/lines/?governance_object=socialtjanst")
    total = page.locator("main tfoot").inner_text()
    assert re.search("9\u202f29[23]\u202f", total), total
