"""A job in a real browser: its page follows it without a reload, says its end, and asks no more after that."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.browser.test_main_path import OVERVIEW, OWN, RAISE_SEK, open_line, result_row
from tests.site import Site

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
# As a worker holds it, so that the sweep takes the job for one that runs.
LOCK = "SELECT pg_advisory_lock(hashtextextended('records.job ' || %s, 0))"
INSERT = """
    INSERT INTO records_job (uuid, kind, title, status, task, arguments, attempts, progress, message, result, created_at,
        sent_at, started_at, started_by_id)
    VALUES (%s, 'workbook', 'Arbetsbok för Budget 2027', %s, 'tests.job', '{}', 1, %s, %s, '{}', now(), now(), now(),
        (SELECT id FROM accounts_user WHERE email = 'ekonom@demo.example'))"""


class Worker:
    """Somebody who holds a job and says how far it is."""

    def __init__(self, database: psycopg.Connection[tuple[object, ...]], job: str) -> None:
        self.database, self.job = database, job

    def report(self, progress: int, message: str) -> None:
        statement = "UPDATE records_job SET progress = %s, message = %s WHERE uuid = %s"
        self.database.execute(statement, [progress, message, self.job])

    def end(self, status: str, message: str = "", result: str = "{}") -> None:
        statement = "UPDATE records_job SET status = %s, message = %s, result = %s, finished_at = now() WHERE uuid = %s"
        self.database.execute(statement, [status, message, result, self.job])

    def read(self, column: str) -> object:
        row = self.database.execute(f"SELECT {column} FROM records_job WHERE uuid = %s", [self.job]).fetchone()  # noqa: S608
        assert row
        return row[0]


@contextmanager
def hold_job(site: Site, *, progress: int = 20, message: str = "Delbudgetar") -> Iterator[Worker]:
    """A running job of the economist's."""
    with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database), autocommit=True) as database:
        job = str(uuid.uuid4())
        database.execute(LOCK, [job])
        database.execute(INSERT, [job, "running", progress, message])
        yield Worker(database, job)
        database.execute("DELETE FROM records_job WHERE uuid = %s", [job])


def count_requests(page: Page, part: str) -> list[str]:
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if part in request.url else None)
    return found


def test_page_follows_its_job_to_the_end_and_asks_no_more(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    with hold_job(site) as worker:
        page.goto(f"{site.url}/jobs/{worker.job}/")
        page.evaluate("window.notReloaded = true")
        meter = page.get_by_role("progressbar", name="Delbudgetar")
        expect(meter).to_have_attribute("value", "20")
        cancel = page.get_by_role("link", name="Avbryt jobbet")
        cancel.focus()
        worker.report(75, "Rader")
        expect(page.get_by_role("progressbar", name="Rader")).to_have_attribute("value", "75")
        assert cancel.evaluate("link => document.activeElement === link")
        worker.end("done", result='{"url": "/budgets/budget-2027/"}')
        expect(page.get_by_role("link", name="Öppna resultatet")).to_be_visible()
        expect(page.locator("#announce")).to_have_text("Arbetsbok för Budget 2027 är klart.")
        expect(page.locator("#job-pill")).to_contain_text("Klart")
        expect(cancel).to_have_count(0)
        asked = count_requests(page, worker.job)
        page.wait_for_timeout(2500)
        assert asked == []
        assert page.evaluate("window.notReloaded") is True


def test_workbook_is_made_by_the_worker_and_downloaded_by_its_starter_alone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(site.url + OVERVIEW)
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token}
    answer = page.request.post(f"{site.url}{OVERVIEW}export/workbook/", form=form, headers={"Referer": site.url})
    page.goto(answer.url)
    page.locator("#job-follow[data-status=done]").wait_for()
    link = page.locator("#job-follow a[href^='/files/']")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "budget-2027.xlsx"
    assert download.value.path().read_bytes().startswith(b"PK")
    other = sign_in("objektagare")
    assert other.request.get(site.url + str(link.get_attribute("href"))).status == 404


def test_open_list_follows_its_jobs(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    with hold_job(site) as worker:
        page.goto(f"{site.url}/jobs/")
        row = page.locator("tr", has=page.get_by_role("rowheader", name="Arbetsbok för Budget 2027"))
        expect(row.get_by_role("progressbar")).to_have_attribute("value", "20")
        worker.report(80, "Rader")
        expect(row.get_by_role("progressbar")).to_have_attribute("value", "80")
        worker.end("failed", "Bladet Rader saknar en kolumn.")
        expect(row).to_contain_text("Bladet Rader saknar en kolumn.")
        expect(page.locator("#announce")).to_contain_text("misslyckades")
        asked = count_requests(page, "/jobs/news/")
        page.wait_for_timeout(3000)
        assert asked == []


def test_running_job_is_cancelled_after_a_question(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    with hold_job(site) as worker:
        page.goto(f"{site.url}/jobs/{worker.job}/")
        page.get_by_role("link", name="Avbryt jobbet").click()
        page.get_by_role("button", name="Avbryt jobbet").click()
        expect(page.locator("#job-follow")).to_contain_text("Avbryts")
        assert worker.read("cancelled_by_id") is not None
        worker.end("cancelled")
        expect(page.locator("#job-follow")).to_contain_text("Jobbet är avbrutet")


def test_job_can_be_read_without_script(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", java_script_enabled=False)
    with hold_job(site) as worker:
        page.goto(f"{site.url}/jobs/{worker.job}/")
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "20")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_pages_of_jobs_are_without_fault(
    site: Site, sign_in: SignIn, language: str, viewport: dict[str, int] | None
) -> None:
    page = sign_in("ekonom", language=language, **({"viewport": viewport} if viewport else {}))
    page.goto(f"{site.url}/jobs/")
    assert Axe().run(page).response["violations"] == []
    with hold_job(site) as running, hold_job(site) as failed, hold_job(site) as done:
        failed.end("failed", "Bladet Rader, rad 7: skriv ett belopp i kronor.")
        done.end("done", result='{"url": "/budgets/budget-2027/"}')
        paths = ["", *(f"{worker.job}/" for worker in (running, failed, done)), f"{running.job}/cancel/"]
        for path in paths:
            page.goto(f"{site.url}/jobs/{path}")
            assert Axe().run(page).response["violations"] == [], path
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_open_overview_asks_seldom_and_follows_an_edit_in_another_browser(site: Site, sign_in: SignIn) -> None:
    overview = sign_in("ekonom")
    overview.goto(site.url + OVERVIEW)
    before = result_row(overview, "Verksamhetens intäkter")
    asked = count_requests(overview, "/figures/")
    overview.wait_for_timeout(5000)
    assert asked == []
    page = sign_in("objektagare")
    page.goto(site.url + OWN)
    open_line(page, "Direkta kostnader")
    amount = page.locator("#lines td form input[name=amount_1_ore]")
    kronor = int("".join(filter(str.isdigit, amount.input_value().split(",")[0])))
    amount.fill(str(kronor + RAISE_SEK))
    page.locator("#lines td form button[type=submit]").click()
    overview.wait_for_function(
        "shown => !document.querySelector('#figures table').innerText.includes(shown)",
        arg=f"{before:,}".replace(",", "\u202f"),
        timeout=20_000,
    )
    assert result_row(overview, "Verksamhetens intäkter") == before + RAISE_SEK // 1000
    assert len(asked) <= 4


def test_page_that_nobody_sees_asks_for_nothing_and_looks_when_it_is_seen_again(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    with hold_job(site) as worker:
        page.goto(f"{site.url}/jobs/{worker.job}/")
        page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.isAway})")
        page.evaluate("window.isAway = true")
        page.wait_for_timeout(500)
        asked = count_requests(page, worker.job)
        page.wait_for_timeout(3000)
        assert asked == []
        worker.report(90, "Rader")
        page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("progressbar", name="Rader")).to_have_attribute("value", "90", timeout=900)
