"""Anybody tells what is not accessible; it is kept, and mailed to the address of the settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from records.models import AccessibilityReport
from records.services.reports import MOST_AN_HOUR, send_reports
from tests.cast import ADMINISTRATOR, ECONOMIST, client_of, get_user

pytestmark = pytest.mark.django_db
TEXT = "Tabellen läses inte upp."


def send(**data: str) -> Any:
    return Client(headers={"accept-language": "sv"}).post(
        reverse("reports:report_accessibility"), {"text": TEXT, **data}, follow=True
    )


def test_a_report_is_kept_without_signing_in_and_mailed_once(settings: Any) -> None:
    settings.ACCESSIBILITY_EMAIL = "tillganglighet@itsam.example"
    page = send(page="/budgets/budget-2027/", contact="person@example.org").content.decode()
    assert "Din rapport är sparad" in page
    assert (send_reports(), send_reports()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["tillganglighet@itsam.example"] and letter.reply_to == ["person@example.org"]
    assert TEXT in str(letter.body) and "/budgets/budget-2027/" in str(letter.body)


def test_a_mail_server_that_is_away_loses_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage) -> int:
        raise ConnectionError

    send()
    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert send_reports() == 0
    monkeypatch.undo()
    assert send_reports() == 1


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "x" * 5_001}, {"contact": "nowhere"}, {"text": "nul\x00"}])
def test_a_wrong_report_is_said_at_its_field_and_nothing_typed_is_lost(data: dict[str, str]) -> None:
    response = send(page="Översikten", **data)
    assert response.status_code == 422 and "Översikten" in response.content.decode()
    assert not AccessibilityReport.objects.exists()


def test_a_flood_is_told_the_address_instead() -> None:
    AccessibilityReport.objects.bulk_create(AccessibilityReport(text="x") for _turn in range(MOST_AN_HOUR))
    response = send()
    assert response.status_code == 422 and TEXT in response.content.decode()


def test_the_statement_leads_to_the_form_and_names_the_address(settings: Any) -> None:
    settings.ACCESSIBILITY_EMAIL = "tillganglighet@itsam.example"
    for client in (Client(), client_of(ECONOMIST)):
        page = client.get(reverse("reports:accessibility")).content.decode()
        assert reverse("reports:report_accessibility") in page and "tillganglighet@itsam.example" in page


def test_only_administrators_read_reports() -> None:
    send()
    seen = {name: AccessibilityReport.objects.visible_to(get_user(name)).count() for name in (ADMINISTRATOR, ECONOMIST)}
    assert seen == {ADMINISTRATOR: 1, ECONOMIST: 0}
