"""A browser and a running site. Without Chromium the tests are skipped with that reason; CI makes that a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import services
from tests.site import Site, start_site

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while Playwright runs, Django takes the process for an asynchronous one."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        message = "No Chromium was found; install the package chromium to run the browser tests."
        if os.environ.get("ITSAM_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with worker and beat on a copy of the demo, for the tests of one module."""
    folder: Path = tmp_path_factory.mktemp("site")
    name = f"site_{os.getpid()}_{folder.name}"
    with services.temporary_database(name, services.demo_template()), start_site(name, folder) as running:
        yield running


@pytest.fixture(scope="module")
def sessions(site: Site) -> dict[str, Any]:
    """The session cookie of each person who has signed in to the site."""
    return {}


@pytest.fixture
def sign_in(browser: Browser, site: Site, sessions: dict[str, Any]) -> Iterator[SignIn]:
    """Opens a browser of its own, signed in as a demo user; `options` are those of a browser context.

    Only the first time the person writes name and password; later browsers get the same session. All are on the first page.
    """
    opened: list[BrowserContext] = []

    def open_page(name: str, **options: Any) -> Page:
        language = options.pop("language", "sv")
        defaults = {"viewport": {"width": 1280, "height": 900}, "locale": f"{language}-{language.upper()}"}
        context = browser.new_context(**{**defaults, **options})
        opened.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        if name in sessions:
            context.add_cookies([sessions[name]])
            page.goto(site.url)
            return page
        page.goto(f"{site.url}/account/login/")
        page.locator("input[name=login]").fill(f"{name}@demo.example")
        page.locator("input[name=password]").fill(services.DEMO_PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        (sessions[name],) = (cookie for cookie in context.cookies() if cookie["name"] == "sessionid")
        return page

    yield open_page
    for context in opened:
        context.close()
