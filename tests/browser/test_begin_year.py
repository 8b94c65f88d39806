"""A year begins in the pages: a budget, products, a rate and an owner, and no page of the administration."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import RunCode, SignIn
from tests.browser.grid import cell, kronor, saved, write
from tests.site import Site

NEW = "/budgets/budget-2028/"
PASSWORD = "en-lang-och-ny-mening-47"
LINK = """
import re
from records.models import OutboxMessage
print(re.search(r"https?://[^/\\s]+(/\\S+)", OutboxMessage.objects.filter(recipient__email="ny.agare@example.se").latest("pk").body)[1])
"""


def send(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).last.click()


def find_link(run_code: RunCode) -> str:
    return run_code(LINK).strip().splitlines()[-1]


def test_economist_begins_a_year_and_an_invited_owner_opens_the_grid(
    site: Site, sign_in: SignIn, run_code: RunCode
) -> None:
    page = sign_in("ekonom")
    page.goto(f"{site.url}/budgets/budget-2027/year/")
    page.get_by_role("main").get_by_role("link", name="Starta nästa budget").click()
    page.wait_for_url("**/start/")
    send(page, "Starta Budget 2028")
    page.wait_for_url(re.compile("budget-2028"))
    add_product(page, site)
    end_product(page, site)
    change_rate(page, site)
    invite(page, site)
    owner = accept(sign_in, site, run_code)
    owner.goto(f"{site.url}{NEW}sub-budgets/socialtjanst/?unit=kr")
    owner.locator("[data-menu]").first.wait_for()
    write(owner, cell(owner, 0), "1234")
    saved(owner)
    owner.reload()
    owner.locator("[data-menu]").first.wait_for()
    assert kronor(cell(owner, 0).input_value()) == 1234


def add_product(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{NEW}products/")
    page.get_by_role("main").get_by_role("link", name="Ny produkt").click()
    page.locator("[name=name]").fill("Digital signering")
    for name in ("sub_budget", "category", "allocation_key"):
        page.locator(f"select[name={name}]").select_option(index=1)
    page.locator("[name=vat_percent]").fill("25")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Digital signering")


def end_product(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{NEW}products/")
    page.get_by_role("main").get_by_role("link", name="Skolon", exact=True).first.click()
    page.locator("main a[href$='/end/']").first.click()
    page.locator("[name=with_lines]").check()
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_url("**/products/**")
    page.goto(f"{site.url}{NEW}products/")
    expect(page.get_by_role("main").get_by_role("link", name="Skolon", exact=True)).to_have_count(0)


def change_rate(page: Page, site: Site) -> None:
    """A wage revision of the drafts: the first saving shows what it means, the second saves."""
    page.goto(f"{site.url}/rates/new/")
    page.locator("select[name=kind]").select_option("wage_revision")
    page.locator("[name=valid_from_on]").fill("2028-04-01")
    page.locator("[name=value]").fill("4,5")
    page.locator("[name=source]").fill("Nytt avtal, antagen nivå")
    submit = page.locator("main form[method=post] button[type=submit]").last
    submit.click()
    expect(page.locator("#effects")).to_contain_text("Budget 2028")
    expect(page.locator("#effects tbody tr").first).to_be_visible()
    submit.click()
    page.wait_for_url(lambda url: "/new/" not in url)
    expect(page.get_by_role("main")).to_contain_text("4,5")


def invite(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/people/invite/")
    page.locator("[name=email]").fill("ny.agare@example.se")
    page.locator("[name=name]").fill("Nya Ägare")
    page.locator("select[name=role]").select_option("object_owner")
    page.locator("select[name=governance_object]").select_option("socialtjanst")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Nya Ägare")


def accept(sign_in: SignIn, site: Site, run_code: RunCode) -> Page:
    page = sign_in("utan.roll")
    page.context.clear_cookies()
    page.goto(site.url + find_link(run_code))
    for password in page.locator("input[type=password]").all():
        password.fill(PASSWORD)
    page.locator("form:has(input[type=password]) button.btn-primary").click()
    page.wait_for_load_state()
    page.goto(f"{site.url}/account/login/")
    page.locator("[name=login]").fill("ny.agare@example.se")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button.btn-primary").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page
