"""The federation's own row: who keeps it, numbers with check digits, each change undone, and what invoices say."""

from __future__ import annotations

import pytest

from invoices.services import run_billing
from objects.models import Federation
from tests.cast import (
    ADMINISTRATOR,
    ADOPTED,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    client_of,
    get_budget,
    get_page,
    get_user,
)

pytestmark = pytest.mark.django_db
PAGE, FORM = "/federation/", "/federation/change/"
NEW = {
    "name": "Kommunalförbundet Nya",
    "organisation_number": "212000-0787",
    "bankgiro": "5050-1055",
    "note": "Sedan mars",
}


def typed(**changed: str) -> dict[str, str]:
    """What the form holds as it is shown, with what is changed."""
    form = get_page(ECONOMIST, FORM).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {**{name: str(value) for name, value in shown.items() if value is not None}, **changed}


def own() -> tuple[str, str, str, str]:
    row = Federation.objects.get()
    return row.name, row.organisation_number, row.bankgiro, row.provenance


@pytest.mark.parametrize(("who", "reads", "keeps"), [(OWNER, 200, 403), (OFFICER, 403, 403), (OUTSIDER, 403, 403)])
def test_those_inside_read_and_only_keepers_change(who: str, reads: int, keeps: int) -> None:
    client, data = client_of(who), typed()
    assert client.get(PAGE).status_code == reads
    assert client.get(FORM).status_code == client.post(FORM, data).status_code == keeps


@pytest.mark.parametrize("who", [ECONOMIST, ADMINISTRATOR])
def test_change_is_saved_shown_as_entered_told_in_history_and_undone(who: str) -> None:
    client, before = client_of(who, "en"), own()
    assert client.post(FORM, typed(**NEW)).status_code == 302
    assert own() == (NEW["name"], "2120000787", "50501055", "entered")
    page = client.get(PAGE)
    text = page.content.decode()
    assert "212000-0787" in text and "5050-1055" in text and "changed what is said of the federation" in text
    client.post(page.context["acts"][0].undo_url)
    assert own() == before


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"organisation_number": "212000-0788"}, "organisation_number"),
        ({"organisation_number": ""}, "organisation_number"),
        ({"bankgiro": "5050-1056"}, "bankgiro"),
        ({"bankgiro": "x"}, "bankgiro"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    before = own()
    answer = client_of(ECONOMIST).post(FORM, typed(**{**NEW, **bad}))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field] and own() == before


def test_form_over_somebody_elses_change_shows_both() -> None:
    mine = typed(name="Mine")
    Federation.objects.update(name="Theirs")
    text = client_of(ECONOMIST).post(FORM, mine).content.decode()
    assert "Theirs" in text and "Mine" in text and own()[0] == "Theirs"


def test_federation_that_is_not_entered_is_entered_by_its_page_and_undone() -> None:
    Federation.objects.all().delete()
    client = client_of(ECONOMIST, "en")
    assert "not entered yet" in client.get(PAGE).content.decode()
    assert client.post(FORM, NEW).status_code == 302 and own()[0] == NEW["name"]
    client.post(client.get(PAGE).context["acts"][0].undo_url)
    assert not Federation.objects.exists()


def test_invoices_that_are_created_keep_what_they_say_of_the_seller() -> None:
    budget, before = get_budget(ADOPTED), own()
    run = run_billing(budget, 1, by=get_user(ECONOMIST))
    client_of(ECONOMIST).post(FORM, typed(**NEW))
    run.refresh_from_db()
    assert (run.seller_name, run.seller_organisation_number, run.seller_bankgiro) == before[:3]
    assert run_billing(budget, 2, by=get_user(ECONOMIST)).seller_bankgiro == "50501055"
