"""The main job in a real browser: an edit of a line, and totals and forecasts that follow without a reload."""

from __future__ import annotations

import re
import time

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.browser.grid import choose, open_line_form
from tests.site import Site

OWN, OTHER = "/budgets/budget-2027/sub-budgets/socialtjanst/", "/budgets/budget-2027/sub-budgets/klient/"
OVERVIEW = "/budgets/budget-2027/"
RAISE_SEK = 100_000
TWO_SECONDS = 2.0


def tkr(text: str | None) -> int:
    """A shown figure as a number."""
    found = re.search(r"[−+]?\d[\d\s\u202f\u00a0]*", text or "")
    assert found, f"no figure in {text!r}"
    return int(re.sub(r"[\s\u202f\u00a0+]", "", found[0]).replace("−", "-"))


def result_row(overview: Page, name: str) -> int:
    """The budget year's figure of a row of the result budget, as the overview shows it now."""
    row = overview.locator("#figures table").first.locator(
        "tr", has=overview.get_by_role("rowheader", name=name, exact=True)
    )
    return tkr(row.locator("td").first.text_content())


def open_line(page: Page, text: str) -> None:
    open_line_form(page, page.locator("#lines tr", has=page.get_by_role("rowheader", name=text)).first)


def test_raised_line_shows_in_the_total_and_within_two_seconds_in_the_forecasts(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare")
    page.goto(site.url + OWN)
    overview = page.context.new_page()
    overview.goto(site.url + OVERVIEW)
    before = {name: result_row(overview, name) for name in ("Verksamhetens intäkter", "Verksamhetens kostnader")}
    total = tkr(page.locator("#total b").text_content())

    open_line(page, "Direkta kostnader")
    amount = page.locator("#lines td form input[name=amount_1_ore]")
    kronor = int(re.sub(r"\D", "", amount.input_value().split(",")[0]))
    amount.fill(f"{kronor + RAISE_SEK:,}".replace(",", " "))
    page.evaluate("window.notReloaded = true")
    page.locator("#lines td form button[type=submit]").click()

    expect(page.locator("#total b")).to_contain_text(re.compile(re.sub(r"\B(?=(\d{3})+$)", r"\\s", str(total + 100))))
    saved = time.monotonic()
    assert page.evaluate("window.notReloaded") is True
    while result_row(overview, "Verksamhetens intäkter") == before["Verksamhetens intäkter"]:
        assert time.monotonic() - saved < TWO_SECONDS, "the overview did not follow"
        time.sleep(0.05)
    assert result_row(overview, "Verksamhetens intäkter") == before["Verksamhetens intäkter"] + 100
    assert result_row(overview, "Verksamhetens kostnader") == before["Verksamhetens kostnader"] - 100
    expect(page.locator("#state [data-behind]")).to_have_attribute("data-behind", "0")


def test_owner_of_another_object_neither_sees_the_form_nor_posts_to_it(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", java_script_enabled=False)
    page.goto(site.url + OWN)
    address = page.locator("#lines td").get_by_role("link", name="Ändra").first.evaluate("link => link.href")
    other = sign_in("objektledare")
    other.goto(site.url + OWN)
    assert other.locator("tr.line").count() == 0
    assert other.request.get(address).status == 403
    token = next(c["value"] for c in other.context.cookies() if c["name"] == "csrftoken")
    posted = other.request.post(
        address,
        form={"csrfmiddlewaretoken": token, "text": "taken over"},
        headers={"Referer": site.url},
    )
    assert posted.status == 403
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as database:
        assert database.execute("SELECT count(*) FROM budgets_costline WHERE text = 'taken over'").fetchone() == (0,)


@pytest.mark.parametrize("person", ["ekonom", "objektagare", "direktion"])
def test_nobody_changes_the_adopted_budget_in_the_page(site: Site, sign_in: SignIn, person: str) -> None:
    page = sign_in(person)
    page.goto(site.url + OWN.replace("2027", "2026"))
    assert page.locator("tr.line").count() == 0
    assert page.locator("#lines td form").count() == 0
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as database:
        found = database.execute(
            "SELECT l.lineage FROM budgets_costline l JOIN budgets_budget b ON b.id = l.budget_id"
            " JOIN budgets_budgetproduct p ON p.id = l.budget_product_id JOIN budgets_subbudget s ON s.id = p.sub_budget_id"
            " WHERE b.slug = 'budget-2026' AND s.slug = 'socialtjanst' LIMIT 1"
        ).fetchone()
    assert found
    address = f"{site.url}{OWN.replace('2027', '2026')}lines/{found[0]}/"
    assert page.request.get(address).status == 403
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    assert page.request.post(address, form={"csrfmiddlewaretoken": token}, headers={"Referer": site.url}).status == 403


def test_wrong_number_is_told_in_its_field_and_nothing_typed_is_lost(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + OTHER)
    open_line(page, "Direkta kostnader")
    form = page.locator("#lines td form")
    form.locator("input[name=text]").fill("Nya licenser")
    form.locator("input[name=amount_1_ore]").fill("3.286")
    form.locator("button[type=submit]").click()
    field = form.locator("input[name=amount_1_ore]")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == "3.286"
    assert form.locator("input[name=text]").input_value() == "Nya licenser"
    named = str(field.get_attribute("aria-describedby")).split()
    assert any("3.286" in str(page.locator(f"#{name}").text_content()) for name in named)


def test_added_line_is_deleted_and_comes_back_by_undo(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektledare")
    page.goto(site.url + OTHER)
    total = tkr(page.locator("#total b").text_content())
    page.get_by_role("link", name=re.compile(r"^Rad i")).first.click()
    expect(page.locator("#lines input[name$=':text']:focus")).to_have_count(1)
    page.keyboard.type("Ny rad från webbläsaren")
    page.keyboard.press("Enter")
    row = page.locator("#lines tr", has=page.get_by_role("rowheader", name="Ny rad från webbläsaren"))
    expect(row).to_have_count(1)
    row.locator("input[name$=':amount_1_ore']").click()
    page.keyboard.type("12 345,50 kr")
    page.keyboard.press("Enter")
    expect(page.locator("[data-grid-state]")).to_contain_text(re.compile("Sparat|Saved"))
    choose(page, row, "delete")
    expect(row).to_have_count(0)
    page.locator("[data-step=undo]").click()
    expect(row).to_have_count(1)
    assert tkr(page.locator("#total b").text_content()) in (total + 12, total + 13)


def test_page_works_without_script(site: Site, sign_in: SignIn) -> None:
    page = sign_in("objektagare", java_script_enabled=False)
    page.goto(site.url + OWN)
    page.locator("#lines td").get_by_role("link", name=re.compile("^Ändra")).first.click()
    page.locator("input[name=text]").fill("Ändrad utan skript")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("rowheader", name="Ändrad utan skript")).to_have_count(1)
