"""A browser and a running site. Without Chromium the tests are skipped with that reason; CI makes that a failure."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.utils.crypto import get_random_string
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts.models import User
from tests import services
from tests.copies import using
from tests.site import Site, start_site

# Without a graphics card the drawing of one is only imitated, at the processor's cost.
WITHOUT_GRAPHICS = ["--disable-gpu", "--disable-gpu-compositing", "--disable-gpu-rasterization"]
OPTIONS = ["--no-sandbox", "--disable-background-networking", *WITHOUT_GRAPHICS]
# The same engine without windows and menus of its own takes two thirds of the processor's time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process.

    While Playwright runs, Django takes the process for an asynchronous one; so these tests come last, and ask the
    database by other ways than Django's.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        message = "No Chromium was found; install the package chromium-headless-shell to run the browser tests."
        if os.environ.get("ITSAM_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site with worker and beat for all tests of a process; each module gives it a database anew."""
    name, folder = f"site_{os.getpid()}", tmp_path_factory.mktemp("site")
    with services.temporary_database(name, services.demo_template()), start_site(name, folder) as running:
        yield running


@pytest.fixture(scope="module")
def site(running_site: Site, sessions: Sessions) -> Site:
    """The site on a copy of the demo that the tests of one module share.

    The trick: the copy has the same name and the same rows under the same keys, so the processes go on; their
    connections are cut and opened again.
    """
    services.copy_database(services.demo_template(), running_site.database)
    sessions.put_into(running_site.database)
    return running_site


RunCode = Callable[[str], str]


@pytest.fixture(scope="session")
def run_code(running_site: Site, django_db_blocker: Any) -> RunCode:
    """Runs code on the site's database as `manage.py shell` does, and returns what it prints.

    In this process, since one of its own takes two seconds to begin; in a thread, since Django takes Playwright's own
    for an asynchronous one.
    """

    def run(code: str) -> str:
        printed = io.StringIO()
        with django_db_blocker.unblock(), using(running_site.database), redirect_stdout(printed):
            try:
                exec(code, {})
            finally:
                connections.close_all()
        return printed.getvalue()

    def run_in_a_thread(code: str) -> str:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(run, code).result()

    return run_in_a_thread


ADD_LINES = """
from budgets.models import BudgetProduct, CostLine
product = BudgetProduct.objects.filter(budget__slug="budget-2027", sub_budget__slug="{slug}").earliest("position")
line = {{"budget": product.budget, "budget_product": product, "cost_kind": "direct_cost", "amount_1_ore": 30_00}}
for number in range({count}):
    CostLine.objects.create(text=f"Avtal {{number + 1}}", position=1000 + number, **line)
"""


def add_lines(run_code: RunCode, slug: str, count: int) -> str:
    """Give a sub-budget's first product more lines that are typed, and return the address of its grid."""
    run_code(ADD_LINES.format(slug=slug, count=count))
    return f"/budgets/budget-2027/sub-budgets/{slug}/"


@pytest.fixture(scope="module")
def one_product(site: Site, run_code: RunCode) -> str:
    """The grid of one product with three open lines below what is calculated."""
    return add_lines(run_code, "ekonomi-inkop", 2)


@pytest.fixture(scope="module")
def two_products(site: Site, run_code: RunCode) -> str:
    """The grid of two products with two open lines and one, and a calculated line above them."""
    return add_lines(run_code, "kultur-fritid", 1)


class Sessions:
    """Who has signed in to the site: each person's cookie, and the row that the site keeps of it.

    The trick: one person signs in by name and password; the others' sessions are that one with another person in it,
    which takes no second of hashing and drawing. Nothing here asks the database by Django, which may not be asked here.
    """

    def __init__(self) -> None:
        self.cookies: dict[str, Any] = {}
        self.rows: list[tuple[str, str, datetime]] = []

    def keep(self, name: str, cookie: Any, database: str) -> None:
        """Keep the session of somebody who has just signed in."""
        with psycopg.connect(services.url_of(services.SERVERS.admin_url, database)) as connection:
            row = connection.execute(
                "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s",
                [cookie["value"]],
            ).fetchone()
        assert row is not None
        self.cookies[name] = cookie
        self.rows.append(row)

    def make(self, name: str, database: str) -> None:
        """Make the session of somebody else like the first one, and put it into the database."""
        email, key = f"{name}@demo.example", get_random_string(32, VALID_KEY_CHARS)
        _key, data, expires = self.rows[0]
        with psycopg.connect(services.url_of(services.SERVERS.admin_url, database)) as connection:
            found = connection.execute("SELECT id, password FROM accounts_user WHERE email = %s", [email]).fetchone()
            assert found is not None
            session = SessionStore().decode(data)
            session |= {
                "_auth_user_id": str(found[0]),
                "_auth_user_hash": User(password=found[1]).get_session_auth_hash(),
            }
            for method in session["account_authentication_methods"]:
                method["email"] = email
            row = (key, SessionStore().encode(session), expires)
            connection.execute("INSERT INTO django_session VALUES (%s, %s, %s)", row)
        self.cookies[name] = next(iter(self.cookies.values())) | {"value": key}
        self.rows.append(row)

    def put_into(self, database: str) -> None:
        with psycopg.connect(services.url_of(services.SERVERS.admin_url, database)) as connection:
            for row in self.rows:
                connection.execute("INSERT INTO django_session VALUES (%s, %s, %s)", row)


@pytest.fixture(scope="session")
def sessions() -> Sessions:
    return Sessions()


def _write_name_and_password(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/account/login/")
    page.locator("input[name=login]").fill(f"{name}@demo.example")
    page.locator("input[name=password]").fill(services.DEMO_PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/account/login" not in url)


@pytest.fixture
def sign_in(browser: Browser, site: Site, sessions: Sessions) -> Iterator[SignIn]:
    """Opens a browser of its own, signed in as a demo user; `options` are those of a browser context.

    It has no page open, but with `to` the one at that address; "/" is where the sign-in leads. Only the first person in
    a process writes name and password.
    """
    opened: list[BrowserContext] = []

    def open_page(name: str, **options: Any) -> Page:
        language, to = options.pop("language", "sv"), options.pop("to", None)
        defaults = {"viewport": {"width": 1280, "height": 900}, "locale": f"{language}-{language.upper()}"}
        context = browser.new_context(**{**defaults, **options})
        opened.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        if sessions.cookies:
            if name not in sessions.cookies:
                sessions.make(name, site.database)
            context.add_cookies([sessions.cookies[name]])
        else:
            _write_name_and_password(page, site, name)
            (cookie,) = (cookie for cookie in context.cookies() if cookie["name"] == "sessionid")
            sessions.keep(name, cookie, site.database)
        if to is not None:
            page.goto(site.url + to)
        return page

    yield open_page
    for context in opened:
        context.close()
