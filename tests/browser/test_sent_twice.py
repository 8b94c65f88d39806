"""Somebody whose answer was lost on the way sends again, and finds it done once."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from playwright.sync_api import Route, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.site import Site

PAGE = "/budgets/budget-2027/sub-budgets/socialtjanst/"


def lose_the_first_answer() -> Callable[[Route], None]:
    """Let each form reach the site, but the answer to the first one get lost."""
    lost: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    return handle


def count(site: Site, text: str) -> int:
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as connection:
        row = connection.execute("SELECT count(*) FROM records_comment WHERE text = %s", [text]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_comment_whose_answer_was_lost_is_sent_again_and_written_once(site: Site, sign_in: SignIn) -> None:
    page, text = sign_in("objektagare"), "Svaret kom bort"
    page.goto(f"{site.url}{PAGE}")
    page.locator("#comment-new-text").fill(text)
    page.route("**/comments/**", lose_the_first_answer())
    send = page.locator("#comments").get_by_role("button", name="Kommentera")
    send.click()
    expect(page.locator("#errors .msg")).to_be_visible()
    assert count(site, text) == 1
    send.click()
    expect(page.get_by_text("Det gjordes en gång")).to_be_visible()
    expect(page.locator("#comments .thread")).to_contain_text(text)
    assert count(site, text) == 1
