"""The life cycle under a real hand: a batch is entered, falls due, its wave is moved, and the proposal is taken and undone."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.site import Site

PAGE = "/budgets/budget-2027/replacements/"


def test_devices_are_entered_fall_due_and_their_replacement_is_taken_and_undone(site: Site, sign_in: SignIn) -> None:
    page = sign_in("ekonom")
    page.goto(f"{site.url}/devices/new/")
    assert [node["html"] for found in Axe().run(page).response["violations"] for node in found["nodes"]] == []
    page.get_by_label("Tillgångsslag").select_option(label="Mobiltelefoner")
    page.get_by_label("Modell eller typ").fill("Telefon till hemtjänsten")
    page.get_by_label("Kund", exact=True).select_option(label="Ydre kommun")
    page.get_by_label("Månad tagen i bruk").fill("2025-02")
    page.get_by_label("Antal", exact=True).fill("31")
    page.get_by_label("Inköpspris per styck").fill("4 500")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".msg-ok")).to_contain_text("Telefon till hemtjänsten")
    assert [node["html"] for found in Axe().run(page).response["violations"] for node in found["nodes"]] == []

    page.goto(site.url + PAGE)
    phones = page.locator("table:has(caption:has-text('Enheter som byts')) tr", has_text="Mobiltelefoner")
    expect(phones).to_contain_text("373 st")  # 342 of the demo fall due in 2028
    page.get_by_label("Månader senare: Mobiltelefoner som ska bytas 2028").fill("12")
    page.get_by_role("button", name="Räkna om").click()
    expect(phones).not_to_contain_text("373 st")
    assert [node["html"] for found in Axe().run(page).response["violations"] for node in found["nodes"]] == []
    expect(page.locator("#effect")).to_contain_text("Utrymme")
    page.get_by_role("button", name="Ta in det i Budget 2027").click()
    expect(page.locator(".msg-ok")).to_contain_text(re.compile("inköp är inlagda i budgeten"))
    expect(page.locator("#matrix")).to_contain_text("Utbyte: Mobiltelefoner")
    page.locator("section[aria-labelledby=acts] form button").first.click()
    expect(page.locator(".msg-bad")).to_have_count(0)
    expect(page.locator("#matrix")).not_to_contain_text("Utbyte: Mobiltelefoner")
