"""The council package under a real hand: a decision is registered from it, the agreement is signed, and the phone reads it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_dashboard import CUT, OVER, SHOWN
from tests.browser.test_decisions import is_without_fault
from tests.browser.test_pages import DESKTOP, PHONE
from tests.site import Site


def open_package(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/decisions/?kind=propose_framework")
    page.locator("main table tbody th a").first.click()
    page.locator("main .page-head a[href$='/package/']").click()


def row_of(page: Page, council: str) -> list[str]:
    return (
        page.locator(".stepsheet tbody tr", has=page.get_by_text(council, exact=True)).locator("td").all_inner_texts()
    )


def test_economist_registers_a_decision_and_a_signature_and_the_page_follows(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    open_package(page, site)
    expect(page.locator("h1")).to_have_text(re.compile("New borrowing framework, 130 mkr"))
    expect(page.locator(".facts")).to_contain_text("0 of 5 have decided")
    page.locator(".stepsheet a", has_text="Boxholm").click()
    page.get_by_role("link", name="Register the decision").click()
    page.fill("#id_decided_on", (timezone.localdate() - timedelta(days=3)).isoformat())
    page.fill("#id_announced_on", (timezone.localdate() - timedelta(days=1)).isoformat())
    page.locator("main button[type=submit]").click()
    expect(page.locator(".facts")).to_contain_text("1 of 5 have decided")
    assert "sign the recourse agreement" in row_of(page, "Boxholm")[-1]

    page.locator(".stepsheet a", has_text="Boxholm").click()
    page.get_by_role("link", name="Register the signature").click()
    page.fill("#id_signed_on", timezone.localdate().isoformat())
    page.locator("main button[type=submit]").click()
    expect(page.locator(".facts")).to_contain_text("1 of 5 have signed")
    assert "The time to appeal" in row_of(page, "Boxholm")[-1]
    assert is_without_fault(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="The whole package").click()
    assert download.value.suggested_filename.endswith("130 mkr.zip")


def test_text_is_written_and_frozen_when_it_is_sent(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom", language="en", viewport=DESKTOP)
    page.goto(f"{site.url}/frameworks/new/")
    page.fill("#id_amount_ore", "150 000 000")
    page.locator("#id_replaces").select_option(index=2)
    page.locator("main button[type=submit]").click()
    page.get_by_role("button", name="Begin the council package").click()
    page.fill("#id_text", page.input_value("#id_text") + "\nEn punkt till.")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".clauses li").last).to_have_text("En punkt till.")
    page.get_by_role("link", name="Send", exact=True).click()
    assert is_without_fault(page)
    page.locator("main button[type=submit]").click()
    expect(page.locator(".page-head .pill")).to_contain_text("With the councils")
    expect(page.get_by_role("link", name="Change the text")).to_have_count(0)
    expect(page.locator(".docs")).to_contain_text("Låneprognos.docx")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_board_reads_it_without_fault(site: Site, sign_in: SignIn, viewport: dict[str, int], scheme: str) -> None:
    page = sign_in("kommundirektor", viewport=viewport)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_package(page, site)
    assert is_without_fault(page)
    images = page.locator(SHOWN)
    assert images.count() == 1
    assert images.evaluate_all(CUT) == []
    assert images.evaluate_all(OVER) == []
    page.locator("main a[href*='/frameworks/']:not([href*='package'])").first.click()
    assert is_without_fault(page)
