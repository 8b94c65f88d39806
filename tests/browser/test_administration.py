"""Every page of the administration on which a row is listed, added or changed, found by walking its links."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.test_pages import DESKTOP, PHONE, find_faults
from tests.site import Site

START = "/admin/"
FIRST_ROW = "#result_list tbody th a"


def list_links(page: Page, selector: str) -> list[str]:
    """The addresses of links, without what a list adds to come back to itself."""
    hrefs: list[str] = page.eval_on_selector_all(selector, "links => links.map(link => link.pathname)")
    return list(dict.fromkeys(hrefs))


def walk(page: Page, site: Site) -> Iterator[tuple[str, list[str]]]:
    """Each list and each form with its faults; of every model the form of its first row."""
    page.goto(site.url + START)
    for path in list_links(page, "#content .module a[href^='/admin/']"):
        yield path, find_faults(page, site.url + path)
        if not path.endswith("/add/"):
            for row in list_links(page, FIRST_ROW)[:1]:
                yield row, find_faults(page, site.url + row)


@pytest.mark.parametrize(
    ("language", "viewport"),
    [
        ("sv", DESKTOP),
        pytest.param("sv", PHONE, marks=pytest.mark.slow),
        pytest.param("en", DESKTOP, marks=pytest.mark.slow),
    ],
)
def test_lists_and_forms_of_the_administration_are_without_fault(
    site: Site, sign_in: SignIn, language: str, viewport: dict[str, int]
) -> None:
    found = dict(walk(sign_in("administrator", language=language, viewport=viewport), site))
    kinds = [re.sub(r"\d+", "*", path).rsplit("/", 2)[-2] for path in found]
    assert kinds.count("add") > 20 and kinds.count("change") > 20
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_administration_leads_to_the_sites_own_change_of_password(site: Site, sign_in: SignIn) -> None:
    page = sign_in("administrator")
    page.goto(f"{site.url}{START}password_change/")
    assert page.url.startswith(f"{site.url}/account/")
