"""A budget's whole way in the browser: draft, returned, corrected, approved, locked, proposed, adopted and revised.

At each step every role sees what it may do, and no more.
"""

from __future__ import annotations

import re

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import services
from tests.browser.conftest import SignIn
from tests.site import Site

BUDGET = "/budgets/budget-2027/"
OWN = f"{BUDGET}sub-budgets/socialtjanst/"
WAY = f"{BUDGET}workflow/"
OFFICER = "vimmerby"
ROLES = (
    "objektagare",
    "objektledare",
    "styrgrupp",
    "ekonom",
    "direktion",
    "kommundirektor",
    "revisor",
    "administrator",
    OFFICER,
)
# What a role may do on a page: the steps offered, and whether lines can be changed; None where it is not there for it.
May = tuple[set[str], bool] | None
COMMENT = "Säg varför direkta kostnader ökar."
# A decision like the one that adopted the first budget, whatever columns decisions have.
DECIDE = """
    INSERT INTO objects_decision SELECT (jsonb_populate_record(d, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('objects_decision', 'id')), 'uuid', gen_random_uuid(),
        'text', 'Budget 2027 samt plan 2028-2029', 'meeting_on', '2026-11-20', 'announced_on', '2026-11-18', 'approved_on', null, 'noticed_on', null))).*
    FROM objects_decision AS d WHERE d.kind = 'adopt_budget' LIMIT 1"""


# Asks for a page as the person's browser does and reads it without drawing it: what it offers is there without script.
READ = """async address => {
    const answer = await fetch(address), page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return {
        status: answer.status,
        steps: [...page.querySelectorAll("#workflow a[href*='/steps/']")].map(link => link.getAttribute('href')),
        links: [...page.querySelectorAll('main a')].map(link => link.getAttribute('href')),
        edited: page.querySelectorAll('#lines tr.line').length > 0,
    };
}"""


def name_steps(addresses: list[str]) -> set[str]:
    return {address.rstrip("/").rsplit("/", 1)[1] for address in addresses}


def steps_of(page: Page) -> set[str]:
    """The steps that the page offers."""
    links = page.locator("#workflow a[href*='/steps/']").all()
    return name_steps([str(link.get_attribute("href")) for link in links])


def take(page: Page, step: str, comment: str = "") -> None:
    """Choose the step on the sub-budget's page, write and confirm."""
    page.locator(f"#workflow a[href$='/steps/{step}/']").click()
    confirm(page, comment)


def confirm(page: Page, comment: str = "") -> None:
    if comment:
        page.locator("main textarea[name=comment]").fill(comment)
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator(".msg-ok")).to_be_visible()


def change_text(page: Page, text: str) -> None:
    page.locator("[data-menu]").first.wait_for()
    page.locator("#lines tr.line input[name$=':text']").first.click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("[data-grid-state]")).to_contain_text(re.compile("Sparat|Saved"))


@pytest.fixture
def everybody(site: Site, sign_in: SignIn) -> dict[str, Page]:
    return {name: sign_in(name, to="/") for name in ROLES}


def look(everybody: dict[str, Page], path: str = OWN) -> dict[str, May]:
    """What each role may do now."""
    found: dict[str, May] = {}
    for name, page in everybody.items():
        read = page.evaluate(READ, path)
        assert read["status"] in (200, 404)
        found[name] = (name_steps(read["steps"]), read["edited"]) if read["status"] == 200 else None
    return found


def expected(*, is_adopted: bool = False, **given: May) -> dict[str, May]:
    """Who is not named may read; an officer of a municipality only what is adopted."""
    nothing: May = (set(), False)
    return {name: given.get(name, nothing if is_adopted or name != OFFICER else None) for name in ROLES}


def test_way_works_without_script_on_a_phone(site: Site, sign_in: SignIn) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
    page = sign_in("objektledare", **phone)
    page.goto(f"{site.url}{BUDGET}sub-budgets/klient/")
    take(page, "submit", "Klart.")
    expect(page.locator("#steps")).to_contain_text("Klart.")
    take(page, "withdraw")
    assert steps_of(page) == {"submit"}


def test_whole_way_of_a_budget(site: Site, sign_in: SignIn, everybody: dict[str, Page]) -> None:
    _submit(site, everybody)
    _return_and_submit_again(site, everybody)
    _correct_and_approve(site, everybody)

    # The economist locks; nobody changes it then.
    everybody["ekonom"].goto(site.url + OWN)
    take(everybody["ekonom"], "lock")
    assert look(everybody) == expected(ekonom=({"unlock"}, False))

    everybody[OFFICER].goto(f"{site.url}/")
    assert everybody[OFFICER].url == f"{site.url}/budgets/budget-2026/costs/"
    _adopt(site, everybody)
    _revise(site, everybody["ekonom"])
    assert look(everybody, OWN.replace("2027", "2027-reviderad")) == expected(
        objektagare=({"submit"}, True), ekonom=({"submit"}, True)
    )


SUBMITTED = expected(
    objektagare=({"withdraw"}, False),
    styrgrupp=({"approve", "return"}, True),
    ekonom=({"approve", "return", "withdraw"}, True),
)


def _submit(site: Site, everybody: dict[str, Page]) -> None:
    """The owner drafts and submits; what to look at first warns and does not stop."""
    owner = everybody["objektagare"]
    assert look(everybody) == expected(objektagare=({"submit"}, True), ekonom=({"submit"}, True))
    owner.goto(site.url + OWN)
    change_text(owner, "Licnser")
    owner.goto(site.url + OWN)
    owner.locator("#workflow a[href$='/steps/submit/']").click()
    assert Axe().run(owner).response["violations"] == []
    confirm(owner)


def _return_and_submit_again(site: Site, everybody: dict[str, Page]) -> None:
    """The steering group returns it with a comment, an empty one is refused; the owner reads it, corrects and submits."""
    owner, group = everybody["objektagare"], everybody["styrgrupp"]
    assert look(everybody) == SUBMITTED
    group.goto(f"{site.url}/")
    expect(group.locator("main table a b")).to_have_count(1)
    group.goto(f"{site.url}{OWN}steps/return/")
    group.locator("main form[method=post] button[type=submit]").last.click()
    expect(group.locator("textarea[name=comment]")).to_have_attribute("aria-invalid", "true")
    confirm(group, COMMENT)
    assert look(everybody)["objektagare"] == ({"submit"}, True)
    owner.goto(site.url + OWN)
    expect(owner.locator("#workflow")).to_contain_text(COMMENT)
    owner.goto(f"{site.url}/")
    expect(owner.locator("main table .st-returned")).to_have_count(1)
    owner.goto(site.url + OWN)
    take(owner, "submit")


def _correct_and_approve(site: Site, everybody: dict[str, Page]) -> None:
    """The group sees what has changed since it looked, fixes a typo and approves; the owner sees both values."""
    owner, group = everybody["objektagare"], everybody["styrgrupp"]
    assert look(everybody) == SUBMITTED
    group.goto(site.url + OWN)
    change_text(group, "Licenser")
    group.goto(site.url + OWN)
    expect(group.locator("#lines a[href='#corrections']")).to_have_count(1)
    group.goto(site.url + OWN)
    take(group, "approve")
    assert look(everybody) == expected(styrgrupp=({"return"}, False), ekonom=({"lock", "return"}, True))
    owner.goto(site.url + OWN)
    owner.locator("#corrections summary").click()
    for shown in ("Licnser", "Licenser", "Stina Styrgrupp"):
        expect(owner.locator("#corrections")).to_contain_text(shown)
    expect(owner.locator("#news")).to_have_count(1)
    owner.locator("#news summary").click()
    assert Axe().run(owner).response["violations"] == []
    owner.locator("#news button[type=submit]").click()
    expect(owner.locator("#news")).to_have_count(0)


def _adopt(site: Site, everybody: dict[str, Page]) -> None:
    """Compiled with what is unfinished confirmed, proposed, and adopted by a decision; only the economist has buttons."""
    economist = everybody["ekonom"]
    economist.goto(f"{site.url}{WAY}deadlines/")
    assert Axe().run(economist).response["violations"] == []
    for step in ("compile", "propose", "adopt"):
        if step == "adopt":
            economist.goto(f"{site.url}{WAY}adopt/")
            expect(economist.locator("main form[method=post]")).to_have_count(0)
            with psycopg.connect(services.url_of(services.SERVERS.admin_url, site.database)) as database:
                database.execute(DECIDE)
        _only_the_economist_may(step, site, everybody)
        assert Axe().run(economist).response["violations"] == []
        economist.locator(f"main a[href='{WAY}{step}/']").click()
        if step == "compile":
            economist.locator("main form[method=post] button[type=submit]").last.click()
            expect(economist.locator("input[name=confirmed]")).to_have_attribute("aria-invalid", "true")
            economist.locator("input[name=confirmed]").check()
        if step == "adopt":
            economist.locator("input[name=decision]").first.check()
        assert Axe().run(economist).response["violations"] == []
        confirm(economist)
    expect(economist.locator(".msg-warn")).to_be_visible()
    assert look(everybody) == expected(is_adopted=True)
    everybody[OFFICER].goto(f"{site.url}/")
    assert everybody[OFFICER].url == f"{site.url}{BUDGET}costs/"
    economist.goto(site.url + WAY)
    assert economist.locator("main a[href*='/steps/']").count() == 0


def _only_the_economist_may(step: str, site: Site, everybody: dict[str, Page]) -> None:
    everybody["ekonom"].goto(site.url + WAY)
    for name, page in everybody.items():
        shown = page.evaluate(READ, WAY)
        assert shown["status"] == (404 if name == OFFICER else 200)
        assert shown["links"].count(f"{WAY}{step}/") == (1 if name == "ekonom" else 0)
        if name != "ekonom":
            assert page.evaluate(READ, f"{WAY}{step}/")["status"] == (404 if name == OFFICER else 403)


def _revise(site: Site, economist: Page) -> None:
    """The revised budget starts as the adopted one's copy, which stays as it is."""
    economist.goto(site.url + OWN)
    total = economist.locator("#total b").text_content()
    economist.goto(site.url + WAY)
    economist.locator(f"main a[href='{WAY}revise/']").click()
    economist.locator("input[name=name]").fill("Budget 2026")
    economist.locator("main form[method=post] button[type=submit]").last.click()
    expect(economist.locator("input[name=name]")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(economist).response["violations"] == []
    economist.locator("input[name=name]").fill("Budget 2027 reviderad")
    economist.locator("input[name=due_on]").fill("2027-03-01")
    economist.locator("input[name=approval_due_on]").fill("2027-03-15")
    confirm(economist)
    assert economist.url.endswith("/budgets/budget-2027-reviderad/workflow/")
    economist.goto(site.url + OWN.replace("2027", "2027-reviderad"))
    assert economist.locator("#total b").text_content() == total
    economist.goto(site.url + WAY)
    assert economist.locator(f"main a[href='{WAY}revise/']").count() == 0
