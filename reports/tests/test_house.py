"""Pages of the house and error pages: public where the law says so, in the reader's language, and telling no secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from itsam.navigation import HELP_PARTS
from reports.house.selectors import load_statement, read_blocks
from reports.models import HouseText
from tests.cast import client_of, get_user
from web.errors import bad_request, csrf_failure, read_typed, server_error, session_expired

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "reports" / "house"
SECRETS = {"password": "hemlig1", "csrfmiddlewaretoken": "hemlig2", "api_token": "hemlig3", "otp_code": "hemlig4"}
OWN = {"HTTP_HOST": "testserver", "HTTP_ORIGIN": "http://testserver"}


def post(data: dict[str, str], **headers: str) -> HttpRequest:
    request = RequestFactory().post("/budgets/budget-2027/", data, **{**OWN, **headers})  # type: ignore[arg-type]
    request.user = get_user("ekonom")
    request.session = {}  # type: ignore[assignment]
    return request


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("path", ["/accessibility/", "/help/"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_are_read_in_both_languages_with_and_without_signing_in(path: str, language: str) -> None:
    for client in (Client(), client_of("utan.roll"), client_of("ekonom")):
        client.cookies["django_language"] = language
        response = client.get(path)
        assert response.status_code == 200
        assert f'<html lang="{language}">' in text_of(response)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_statement_holds_what_the_law_asks_for(language: str) -> None:
    blocks = load_statement("accessibility", None, language).blocks
    text = " ".join(block.text + " ".join(block.items) for block in blocks)
    for needed in ("2018:1937", "WCAG 2.1", "https://www.digg.se/tdosanmalan", "2026"):
        assert needed in text
    assert {"sv": "längst ned på den här sidan", "en": "at the end of this page"}[language] in text
    assert sum(block.kind == "heading" for block in blocks) >= 7


def test_edited_statement_replaces_the_one_that_came_with_the_system_and_escapes_markup() -> None:
    HouseText.objects.create(slug="accessibility", text_sv="# Ny rubrik\n\n- ett\n- två\n\n<b>text</b>", text_en="x")
    client = Client()
    client.cookies["django_language"] = "sv"
    text = text_of(client.get("/accessibility/"))
    assert "<h2>Ny rubrik</h2>" in text and "<li>två</li>" in text and "&lt;b&gt;text" in text
    assert "tdosanmalan" not in text


def test_text_is_read_as_headings_paragraphs_and_lists_and_nothing_else() -> None:
    blocks = list(read_blocks("# A\nb\nc\r\n\r\n- d\n- e\n\n\n"))
    assert [(block.kind, block.text, block.items) for block in blocks] == [
        ("heading", "A", []),
        ("paragraph", "b c", []),
        ("list", "", ["d", "e"]),
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_help_has_a_part_for_every_page_that_leads_to_it(language: str) -> None:
    text = (TEMPLATES / f"_help_{language}.html").read_text(encoding="utf-8")
    parts = re.findall(r'<h2 id="([a-z_]+)"', text)
    assert set(parts) >= HELP_PARTS
    assert re.findall(r'href="#([a-z_]+)"', text) == parts


def test_both_languages_of_the_help_have_the_same_parts_and_words() -> None:
    swedish, english = ((TEMPLATES / f"_help_{name}.html").read_text(encoding="utf-8") for name in ("sv", "en"))
    assert re.findall(r'id="([a-z_]+)"', swedish) == re.findall(r'id="([a-z_]+)"', english)
    for tag in ("<dt", "<dd", "<li", "<tr", "<p"):
        assert swedish.count(tag) == english.count(tag)


def test_page_that_is_not_there_says_so_in_the_readers_language() -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "The page does not exist" in text_of(response)


@pytest.mark.parametrize("view", [csrf_failure, session_expired, server_error])
def test_error_page_keeps_what_was_typed_and_never_a_secret(view: object) -> None:
    request = post({"text": "Nya <licenser>", "amount_1_ore": "1 234,50", **SECRETS})
    text = text_of(view(request))  # type: ignore[operator]
    assert "Nya &lt;licenser&gt;" in text and "1 234,50" in text and "Amount 1" in text
    assert "hemlig" not in text
    assert "data-resend" not in text  # what is left out can't be sent again


@pytest.mark.parametrize("view", [csrf_failure, session_expired, server_error])
def test_what_was_typed_on_a_page_of_ours_can_be_sent_again_and_from_elsewhere_not(view: object) -> None:
    assert "data-resend" in text_of(view(post({"text": "a", "once": "1"})))  # type: ignore[operator]
    for headers in (
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ):
        text = text_of(view(post({"text": "a", "once": "1"}, **headers)))  # type: ignore[operator]
        assert "data-resend" not in text and 'value="a"' in text


def test_sent_again_are_all_values_of_a_name_and_those_left_empty() -> None:
    typed = read_typed(post({"kind": ["a", "b"], "note": ""}))  # type: ignore[dict-item]
    assert [(name, value) for name, _words, value in typed.values] == [("kind", "a"), ("kind", "b"), ("note", "")]
    assert [value for _name, _words, value in typed.shown] == ["a", "b"]


def test_htmx_gets_a_note_and_no_page() -> None:
    response = Client().get("/budgets/budget-2027/figures/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["X-Error-Note"] == "1"
    assert "<html" not in text_of(response) and "password" not in text_of(response)


def test_plain_visitor_is_still_led_to_the_sign_in() -> None:
    assert Client().get("/budgets/budget-2027/").status_code == 302
    assert Client().post("/budgets/budget-2027/loans/", {"a": "b"}).status_code == 401


def test_method_that_a_page_does_not_have_is_answered_with_those_it_has() -> None:
    response = client_of("ekonom").post("/budgets/budget-2027/loans/", {"a": "typed here"})
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert "typed here" in text_of(response)


def test_too_much_sent_is_413() -> None:
    request = RequestFactory().get("/")
    request.user = get_user("ekonom")
    assert bad_request(request, RequestDataTooBig()).status_code == 413


def test_lost_database_is_503_and_another_fault_500_without_a_word_of_the_inside() -> None:
    for error, status in ((OperationalError("secret host"), 503), (ValueError("secret host"), 500)):
        try:
            raise error
        except Exception:
            response = server_error(post({"text": "kvar"}))
        assert response.status_code == status
        assert "secret host" not in text_of(response) and "kvar" in text_of(response)


def test_post_with_an_old_token_keeps_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user("ekonom"))
    response = client.post(
        "/budgets/budget-2026/reconciliation/reason/?figure=loan_forecast|closing_debt|2026-12-31", {"text": "kvar här"}
    )
    assert response.status_code == 403
    assert "kvar här" in text_of(response)


def test_administrator_begins_with_the_text_that_is_shown() -> None:
    admin = get_user("administrator")
    admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)
    text = text_of(client.get("/admin/reports/housetext/add/"))
    assert "tdosanmalan" in text
    sent = {"slug": "accessibility", "text_sv": "# Nytt", "text_en": "# New"}
    assert client.post("/admin/reports/housetext/add/", sent).status_code == 302
    assert HouseText.objects.get().text_sv == "# Nytt"
