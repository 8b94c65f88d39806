"""People work together on a sub-budget: a comment with a mention that is resolved, and attachments."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SignIn
from tests.site import Site

PAGE = "/budgets/budget-2027/sub-budgets/socialtjanst/"
PDF = b"%PDF-1.7\n% an agreement"
HUNDRED_MEGABYTES = 100 * 1024 * 1024


def test_mention_is_on_the_others_first_page_and_gone_when_it_is_resolved(site: Site, sign_in: SignIn) -> None:
    economist = sign_in("ekonom")
    economist.goto(site.url + PAGE)
    comments = economist.locator("#comments")
    economist.locator("#comment-new-text").fill("Vad betyder <b>höjningen</b>, @Olivia Objektägare?")
    comments.get_by_role("button", name="Kommentera").click()
    expect(comments.locator(".thread")).to_contain_text("<b>höjningen</b>")
    expect(economist.locator("#comment-new-text")).to_have_value("")

    owner = sign_in("objektagare", to="/")
    owner.get_by_role("link", name=re.compile("Vad betyder")).click()
    owner.wait_for_url(f"**{PAGE}#comment-*")
    # What is typed elsewhere stays when a comment is answered and resolved.
    owner.locator("#comment-new-text").fill("halvskrivet")
    thread = owner.locator("#comments .thread > li").first
    thread.locator("summary").click()
    thread.locator("textarea").fill("Nytt avtal från januari.")
    thread.locator("details button[type=submit]").click()
    expect(owner.locator("#comments .thread li li")).to_contain_text("Nytt avtal")
    expect(owner.locator("#announce")).to_have_text("Ditt svar är sparat.")
    assert Axe().run(owner).response["violations"] == []
    owner.get_by_role("button", name=re.compile("^Markera som löst")).click()
    expect(owner.locator("#comments .resolved > summary")).to_have_text("1 löst kommentar")
    expect(owner.locator("#comment-new-text")).to_have_value("halvskrivet")
    owner.goto(site.url)
    expect(owner.get_by_role("link", name=re.compile("Vad betyder"))).to_have_count(0)


def test_file_is_attached_downloaded_and_a_disguised_one_refused(site: Site, sign_in: SignIn) -> None:
    owner = sign_in("objektagare")
    owner.goto(site.url + PAGE)
    owner.locator("#comment-new-text").fill("halvskrivet")
    files = owner.locator("#attachments")
    owner.locator("#id_file").set_input_files({"name": "Avtal å.pdf", "mimeType": "application/pdf", "buffer": PDF})
    files.get_by_role("button", name="Bifoga").click()
    expect(files.locator("li a").first).to_have_text("Avtal å.pdf")
    with owner.expect_download() as waiting:
        files.locator("li a").first.click()
    assert waiting.value.suggested_filename == "Avtal å.pdf"
    assert Path(waiting.value.path()).read_bytes() == PDF

    owner.locator("#id_file").set_input_files({"name": "kalkyl.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    files.get_by_role("button", name="Bifoga").click()
    expect(files.locator(".invalid-feedback")).to_contain_text(
        "”kalkyl.pdf” heter .pdf, men innehållet är något annat."
    )
    assert Axe().run(owner).response["violations"] == []
    expect(owner.locator("#comment-new-text")).to_have_value("halvskrivet")


def test_hundred_megabytes_are_refused_with_and_without_script(
    site: Site, sign_in: SignIn, browser: Browser, tmp_path: Path
) -> None:
    large = tmp_path / "stor.pdf"
    with large.open("wb") as file:
        file.write(PDF)
        file.truncate(HUNDRED_MEGABYTES)
    owner = sign_in("objektagare")
    owner.goto(site.url + PAGE)
    owner.locator("#id_file").set_input_files(large)
    owner.locator("#attachments").get_by_role("button", name="Bifoga").click()
    expect(owner.locator("#errors")).to_contain_text("Skicka en mindre fil")
    context = browser.new_context(storage_state=owner.context.storage_state(), java_script_enabled=False)
    plain = context.new_page()
    plain.goto(site.url + PAGE)
    plain.locator("#id_file").set_input_files(large)
    plain.locator("#attachments").get_by_role("button", name="Bifoga").click()
    expect(plain.locator("h1")).to_have_text("Mer skickades än vad som kan tas emot")
    context.close()


def test_everything_works_without_script(site: Site, sign_in: SignIn, browser: Browser) -> None:
    signed_in = sign_in("ekonom")
    context = browser.new_context(storage_state=signed_in.context.storage_state(), java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + PAGE)
    page.locator("#comment-new-text").fill("Utan skript")
    page.locator("#comment-new-mention").select_option(label="Stina Styrgrupp")
    page.locator("#comments").get_by_role("button", name="Kommentera").click()
    expect(page.locator("#comments .thread").first).to_contain_text("@Stina Styrgrupp Utan skript")
    page.get_by_role("button", name=re.compile("^Markera som löst.*Utan skript")).click()
    expect(page.locator(".msg-ok")).to_contain_text("Kommentaren är markerad som löst.")
    page.locator("#tasks summary").click()
    page.locator("#task-text").fill("Läs igenom")
    page.locator("#task-to").select_option(label="Eva Ekonom")
    page.get_by_role("button", name="Ge uppgiften").click()
    page.goto(f"{site.url}/tasks/")
    page.get_by_role("button", name=re.compile("^Klar")).click()
    expect(page.locator(".msg-ok")).to_contain_text("Klart: Läs igenom")
    page.goto(f"{site.url}{PAGE}changes/")
    page.locator("#changes-text").fill("Avtalet höjs.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#changes .written")).to_have_text("Avtalet höjs.")
    context.close()


def test_comments_of_a_line_lie_beside_it_and_a_name_is_chosen_with_the_keys(site: Site, sign_in: SignIn) -> None:
    owner = sign_in("objektagare")
    owner.goto(site.url + PAGE)
    line = owner.locator("#lines tr.line").nth(3)
    line.locator("[data-menu]").click()
    owner.locator("#grid-menu a[href*='comments/?about=']").click()
    panel = owner.locator("#beside")
    expect(panel.locator("h2")).to_be_focused()
    assert owner.url.endswith(PAGE)
    field = panel.locator("form.comment-form textarea").last
    field.focus()
    owner.keyboard.type("Hej @ek")
    expect(panel.locator("li[role=option]")).to_have_text("Eva Ekonom")
    assert Axe().run(owner).response["violations"] == []
    owner.keyboard.press("Enter")
    expect(field).to_have_value("Hej @Eva Ekonom ")
    owner.keyboard.type("och @nisse")
    panel.get_by_role("button", name="Kommentera").click()
    expect(panel.locator(".msg")).to_contain_text("”nisse”")
    expect(line.locator("a[href*='comments/?about=']")).to_contain_text("1")
    panel.locator("textarea").last.focus()
    owner.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(line.locator("input").first).to_be_focused()


def test_text_area_that_was_drawn_larger_is_answered_without_an_inline_style(site: Site, sign_in: SignIn) -> None:
    owner = sign_in("objektagare")
    said: list[str] = []
    owner.on("console", lambda message: said.append(message.text))
    owner.goto(site.url + PAGE)
    comments, field = owner.locator("#comments"), owner.locator("#comment-new-text")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    right, bottom = box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    owner.mouse.move(right, bottom)
    owner.mouse.down()
    owner.mouse.move(right, bottom + 60)
    owner.mouse.up()
    assert "height" in (field.get_attribute("style") or "")
    # The refused form comes anew, with a field of the same name.
    field.fill(" ")
    comments.get_by_role("button", name="Kommentera").click()
    expect(comments.locator(".msg, .invalid-feedback").first).to_be_visible()
    owner.wait_for_timeout(100)
    assert [text for text in said if "Content Security Policy" in text] == []
