"""Customers and municipalities: who keeps them, membership and inhabitants, what stays because something rests on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from budgets.models import AllocationKey, KeyWeight
from objects.models import Customer, Inhabitants, Municipality
from tests.cast import (
    ADMINISTRATOR,
    AUDITOR,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWNER,
    client_of,
    count_queries,
    get_customer,
    get_page,
)

pytestmark = pytest.mark.django_db
LIST = "/customers/"
COMPANY = {
    "name": "Åsbo Fastigheter AB",
    "kind": "company",
    "organisation_number": "556016-0680",
    "gln": "7300009055098",
}
MEMBER = {
    "name": "Kinda kommun 2",
    "kind": "member",
    "code": "0586",
    "municipality_name": "Mjölby",
    "county": "Östergötland",
    "member_from_on": "2027-01-01",
}


def page(action: str = "", of: Customer | None = None) -> str:
    return f"{LIST}{(of or get_customer()).uuid}/{action}"


def typed(of: Customer, **changed: str) -> dict[str, str]:
    """What the form of a customer holds as it is shown, with what is changed."""
    form = get_page(ECONOMIST, page("change/", of)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {**{name: str(value) for name, value in shown.items() if value is not None}, **changed}


def change(of: Customer, who: str = ECONOMIST, **changed: str) -> Any:
    return client_of(who, "en").post(page("change/", of), typed(of, **changed))


def make_company() -> Customer:
    assert client_of(ECONOMIST).post(f"{LIST}new/", COMPANY).status_code == 302
    return Customer.objects.get(name=COMPANY["name"])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_list_is_in_swedish_order_with_membership_and_newest_count(language: str) -> None:
    rows = get_page(AUDITOR, LIST, language, sort="name", export="csv").content.decode().splitlines()
    names = [row.split(";")[0] for row in rows if "kommun" in row]
    assert names == [
        "Boxholms kommun",
        "Kinda kommun",
        "Vimmerby kommun",
        "Ydre kommun",
        "Åtvidabergs kommun",
        "Ödeshögs kommun",
    ]
    assert "15300" in next(row for row in rows if row.startswith("Vimmerby"))


def test_list_is_filtered_by_kind_and_by_a_number_with_its_hyphen() -> None:
    assert "Kinda" in get_page(OWNER, LIST, kind="former_member", export="csv").content.decode()
    rows = get_page(OWNER, LIST, q="212000-0787", export="csv").content.decode()
    assert "Vimmerby" in rows and "Ydre" not in rows


@pytest.mark.parametrize(("who", "status"), [(OFFICER, 403), (OUTSIDER, 403), (OWNER, 200), (AUDITOR, 200)])
def test_register_is_read_inside_the_federation(who: str, status: int) -> None:
    for address in (LIST, f"{LIST}inhabitants/", page()):
        assert get_page(who, address).status_code == status


@pytest.mark.parametrize("who", [OWNER, AUDITOR, OFFICER])
def test_only_economist_and_administrator_change_it(who: str) -> None:
    client = client_of(who)
    for address in (f"{LIST}new/", page("change/"), page("remove/"), page("inhabitants/new/")):
        assert client.get(address).status_code == 403 and client.post(address, COMPANY).status_code == 403
    assert "Ny kund" not in client_of(OWNER).get(LIST).content.decode()


@pytest.mark.parametrize("who", [ECONOMIST, ADMINISTRATOR])
def test_company_is_added_and_the_addition_undone(who: str) -> None:
    client = client_of(who)
    assert client.post(f"{LIST}new/", COMPANY).status_code == 302
    company = Customer.objects.get(name=COMPANY["name"])
    assert (company.organisation_number, company.gln, company.provenance) == ("5560160680", "7300009055098", "entered")
    told = client.get(LIST).context["acts"][0]
    assert "Åsbo" in told.said and client.post(told.undo_url).status_code == 302
    assert not Customer.objects.filter(pk=company.pk).exists()


def test_municipality_is_added_with_membership_and_inhabitants_and_weighs_from_its_first_year() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"{LIST}new/", MEMBER).status_code == 302
    new = Municipality.objects.get(code="0586")
    for day, count in (("2025-11-01", "28 000"), ("2026-11-01", "28100")):
        assert (
            client.post(page("inhabitants/new/", new.customer), {"counted_on": day, "count": count}).status_code == 302
        )
    assert list(new.inhabitants.values_list("count", flat=True)) == [28100, 28000]
    assert new.is_member_in(2027) and not new.is_member_in(2026)
    text = get_page(OWNER, page(of=new.customer), "sv").content.decode()
    assert "28\u202f100" in text and "2027-01-01" in text and "Mjölby" in text


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "vimmerby kommun"}, "name"),
        ({"kind": "x"}, "kind"),
        ({"organisation_number": "556016-0681"}, "organisation_number"),
        ({"organisation_number": "212000-0787"}, "organisation_number"),
        ({"gln": "7300009055099"}, "gln"),
        ({"code": "0884"}, "code"),
        ({"kind": "member"}, "code"),
        ({"kind": "member", "code": "12345"}, "code"),
        ({**MEMBER, "code": "0884"}, "code"),
        ({**MEMBER, "code": "٠٨٨٤"}, "code"),
        ({**MEMBER, "municipality_name": "ÅTVIDABERG"}, "municipality_name"),
        ({**MEMBER, "county": ""}, "county"),
        ({**MEMBER, "member_to_on": "2026-12-31"}, "member_to_on"),
        ({**MEMBER, "member_from_on": "1066-10-14"}, "member_from_on"),
        ({**MEMBER, "kind": "former_member"}, "member_to_on"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    before = Customer.objects.count()
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**COMPANY, **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert Customer.objects.count() == before


def test_form_over_somebody_elses_change_shows_both() -> None:
    customer = get_customer()
    mine = typed(customer, county="Min län")
    Municipality.objects.filter(customer=customer).update(county="Deras län")
    answer = client_of(ECONOMIST).post(page("change/"), mine)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Deras län" in text and "Min län" in text
    assert Municipality.objects.get(customer=customer).county == "Deras län"
    again = {**mine, "seen": answer.context["form"]["seen"].value()}
    assert client_of(ECONOMIST).post(page("change/"), again).status_code == 302


def test_member_with_shares_in_later_years_can_not_become_a_former_one_until_they_are_taken_away() -> None:
    customer = get_customer()
    answer = change(customer, kind="former_member", member_to_on="2026-12-31")
    assert answer.status_code == 422 and "Budget 2027" in str(answer.context["form"].errors["kind"])
    assert change(customer, member_to_on="2026-12-31").status_code == 302
    text = get_page(ECONOMIST, page()).content.decode()
    assert f"/budgets/{DRAFT}/keys/invanare/change/" in text
    KeyWeight.objects.filter(customer=customer, key__budget__status="draft").delete()
    assert change(customer, kind="former_member").status_code == 302
    assert get_customer().kind == "former_member"


def test_key_by_inhabitants_leaves_out_a_member_from_the_year_after_its_last_day() -> None:
    customer = get_customer()
    assert change(customer, member_to_on="2027-12-31").status_code == 302
    address = f"/budgets/{DRAFT}/keys/invanare/change/"
    client = client_of(ECONOMIST)
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else str(value) for name, value in values.items()}
    shown = client.post(address, sent)
    assert client.post(address, {**sent, "confirmed": shown.context["mark"]}).status_code == 302
    weight = KeyWeight.objects.get(customer=customer, key__slug="invanare", key__budget__slug=DRAFT)
    assert [int(year) for year in weight.years] == [15300, 0, 0]


def test_undo_of_a_return_is_refused_once_the_member_has_shares_again() -> None:
    customer = get_customer()
    KeyWeight.objects.filter(customer=customer, key__budget__status="draft").delete()
    assert change(customer, kind="former_member", member_to_on="2026-12-31").status_code == 302
    assert change(customer, kind="member", member_to_on="").status_code == 302
    key = AllocationKey.objects.get(budget__slug=DRAFT, slug="lika-delar")
    KeyWeight.objects.create(key=key, customer=customer, weight=1)
    client = client_of(ECONOMIST, "en")
    answer = client.post(client.get(LIST).context["acts"][0].undo_url, follow=True)
    assert "has shares in years after its last day" in answer.content.decode()
    assert get_customer().kind == "member"


def test_customer_is_removed_only_when_nothing_rests_on_it_and_what_does_is_linked() -> None:
    client = client_of(ECONOMIST, "en")
    text = client.get(page("remove/")).content.decode()
    assert f"/budgets/{DRAFT}/keys/" in text and "It stays" in text and "btn-danger" not in text
    assert client.post(page("remove/")).status_code == 422 and get_customer()
    company = make_company()
    assert client.post(page("remove/", company)).status_code == 302
    assert not Customer.objects.filter(pk=company.pk).exists()
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert Customer.objects.get(pk=company.pk).gln == COMPANY["gln"]


def test_municipality_without_shares_is_removed_with_its_inhabitants_and_comes_back_with_them() -> None:
    client = client_of(ECONOMIST)
    client.post(f"{LIST}new/", MEMBER)
    new = Municipality.objects.get(code="0586")
    for year in range(2005, 2026):
        Inhabitants.objects.create(municipality=new, counted_on=date(year, 11, 1), count=year)
    assert client.post(page("remove/", new.customer)).status_code == 302
    assert not Inhabitants.objects.filter(municipality=new.pk).exists()
    client.post(client.get(LIST).context["acts"][0].undo_url)
    assert Inhabitants.objects.filter(municipality=new.pk).count() == 21


def test_undo_of_a_removal_is_refused_when_another_has_the_name_by_now() -> None:
    client, company = client_of(ECONOMIST, "en"), make_company()
    client.post(page("remove/", company))
    undo = client.get(LIST).context["acts"][0].undo_url
    make_company()
    answer = client.post(undo, follow=True)
    assert answer.status_code == 200 and "Something else has its name" in answer.content.decode()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"count": "-1"}, "count"),
        ({"count": "x"}, "count"),
        ({"count": "5000001"}, "count"),
        ({"count": ""}, "count"),
        ({"counted_on": "2025-11-01"}, "counted_on"),
        ({"counted_on": "2099-11-01"}, "counted_on"),
        ({"counted_on": "igår"}, "counted_on"),
    ],
)
def test_count_that_can_not_be_is_refused_with_words_at_its_field(bad: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(page("inhabitants/new/"), {"counted_on": "2024-11-01", "count": "15000", **bad})
    assert answer.status_code == 422 and field in answer.context["form"].errors


def test_count_that_an_adopted_budget_is_divided_by_stays_and_another_is_changed_and_removed() -> None:
    client = client_of(ECONOMIST, "en")
    used = page("inhabitants/2025-11-01/")
    assert "Budget 2026 is adopted" in client.get(used).content.decode()
    assert client.post(used, {"counted_on": "2025-11-01", "count": "1"}).status_code == 422
    assert client.post(f"{used}remove/").status_code == 422
    assert client.post(page("inhabitants/new/"), {"counted_on": "2024-11-01", "count": "15000"}).status_code == 302
    own = page("inhabitants/2024-11-01/")
    seen = client.get(own).context["form"]["seen"].value()
    assert client.post(own, {"counted_on": "2024-11-01", "count": "15100", "seen": seen}).status_code == 302
    assert client.post(own, {"counted_on": "2024-11-01", "count": "15200", "seen": seen}).status_code == 422
    assert client.post(f"{own}remove/").status_code == 302
    assert Inhabitants.objects.get(municipality__customer=get_customer()).count == 15300
    assert client.get(page("inhabitants/none/")).status_code == 404


def test_pages_ask_as_many_questions_for_one_customer_as_for_many() -> None:
    client = client_of(ECONOMIST)
    assert count_queries(client, LIST, q="Vimmerby") == count_queries(client, LIST)
    counts = f"{LIST}inhabitants/"
    assert count_queries(client, counts, municipality="0884") == count_queries(client, counts)
