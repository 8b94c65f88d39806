"""A framework's own page: what is in force on the day, the recourse agreement, warnings, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.html import escape

from engine.framework import Framework, framework_at
from forecasts.selectors import list_framework_states
from forecasts.selectors.councils import list_low_headroom, list_old_guarantees
from forecasts.selectors.loans import YearDebt
from forecasts.selectors.stress import share_recourse
from investments.models import BorrowingFramework, CouncilDecision, RecourseAgreement, RecourseParty
from investments.selectors.frameworks import load_frameworks
from investments.services.frameworks import find_framework_faults, record_council_decision
from investments.services.recourse import save_agreement, sign_agreement
from objects.models import Customer, Municipality
from tests.cast import client_of, get_budget, get_user

pytestmark = pytest.mark.django_db
# Example g: council's code, notice, legal force.
WORKED = [
    ("0560", date(2026, 4, 28), date(2026, 5, 20)),
    ("0512", date(2026, 4, 30), date(2026, 5, 22)),
    ("0561", date(2026, 5, 23), date(2026, 6, 16)),
    ("0509", date(2026, 4, 23), date(2026, 5, 16)),
    ("0884", date(2026, 5, 29), date(2026, 6, 23)),
]
IN_FORCE = date(2026, 6, 23)
MKR = 100_000_000


def proposed() -> BorrowingFramework:
    framework: BorrowingFramework = BorrowingFramework.objects.get(decided_by__kind="propose_framework")
    return framework


def url(rest: str = "") -> str:
    return f"/frameworks/{proposed().uuid}/{rest}"


def decide(*councils: tuple[str, date, date]) -> None:
    for code, announced_on, _force in councils:
        member = Municipality.objects.get(code=code)
        row = CouncilDecision(
            framework=proposed(), municipality=member, decided_on=announced_on, announced_on=announced_on
        )
        record_council_decision(row, by=get_user("ekonom"))


def in_force(on: date) -> int | None:
    return framework_at(load_frameworks(), on)


def parties() -> list[RecourseParty]:
    return list(RecourseParty.objects.filter(agreement__framework=proposed()).order_by("pk"))


def sign_all(on: date) -> None:
    for party in parties():
        sign_agreement(party, on, by=get_user("ekonom"))


# In force on the day


def test_four_of_five_councils_are_not_enough_and_the_fifths_legal_force_is_from_that_day() -> None:
    decide(*WORKED[:4])
    assert in_force(date(2030, 1, 1)) == 80 * MKR
    assert "1 council&#x27;s decision is missing" in client_of("ekonom", "en").get(url()).content.decode()
    decide(WORKED[4])
    assert in_force(date(2026, 6, 22)) == 80 * MKR and in_force(IN_FORCE) == 130 * MKR
    page = client_of("direktion", "en").get(url()).content.decode()
    for _code, _notice, force in WORKED:
        assert force.isoformat() in page
    assert "2026-06-22" in page and "in force from 23 June 2026" in page


def test_member_that_joins_later_changes_nothing_before() -> None:
    decide(*WORKED)
    customer = Customer.objects.create(kind="member", name="Nykommun")
    Municipality.objects.create(customer=customer, code="0599", member_from_on=date(2028, 1, 1))
    assert in_force(IN_FORCE) == 130 * MKR and in_force(date(2029, 1, 1)) == 130 * MKR
    assert "Nykommun" not in client_of("ekonom", "en").get(url()).content.decode()


def test_page_says_whether_legal_force_is_by_rule_or_as_entered_and_tells_an_appeal() -> None:
    decide(*WORKED[:2])
    row = CouncilDecision.objects.get(framework=proposed(), municipality__code="0560")
    row.appealed_on, row.legal_force_on = date(2026, 5, 10), date(2026, 9, 1)
    record_council_decision(row, by=get_user("ekonom"))
    page = client_of("ekonom", "en").get(url()).content.decode()
    assert "as entered" in page and "by rule" in page and "appealed 2026-05-10" in page and "2026-09-01" in page


# The recourse agreement


def test_shares_of_the_agreement_replace_the_assumed_ones_when_all_have_signed() -> None:
    frameworks = [Framework(80 * MKR, date(2025, 4, 1))]
    before = share_recourse(1_000, date(2026, 6, 1), frameworks)
    assert {row.source for row in before} == {"assumed"}
    agreement = RecourseAgreement.objects.get(framework=proposed())
    fifths = {party.municipality: Decimal(20) for party in parties()}
    save_agreement(agreement, fifths, by=get_user("ekonom"))
    for party in parties()[1:]:
        sign_agreement(party, date(2026, 5, 6), by=get_user("ekonom"))
    assert share_recourse(1_000, date(2026, 6, 1), frameworks) == before
    sign_agreement(parties()[0], date(2026, 5, 20), by=get_user("ekonom"))
    assert share_recourse(1_000, date(2026, 5, 19), frameworks) == before
    shared = share_recourse(1_000, date(2026, 5, 20), frameworks)
    assert [(row.share, row.ore, row.source) for row in shared] == [(Fraction(1, 5), 200, "entered")] * 5
    assert share_recourse(1_000, date(2025, 3, 1), frameworks) == []


def test_stress_test_says_by_what_it_shares() -> None:
    address = f"/budgets/{get_budget().slug}/loans/"
    assert "since no recourse agreement is in force" in client_of("ekonom", "en").get(address).content.decode()
    sign_all(date(2026, 5, 6))
    page = client_of("ekonom", "en").get(address).content.decode()
    assert "as the recourse agreement in force says" in page and "since no recourse agreement" not in page


def test_shares_that_are_not_whole_are_told_at_a_field_with_what_is_left() -> None:
    typed = {f"share_{party.municipality.code}": "19,9" for party in parties()}
    response = client_of("ekonom", "en").post(url("recourse/"), typed)
    page = response.content.decode()
    assert response.status_code == 422 and "99.5" in page and "Add 0.5 percentage points" in page
    assert parties()[0].share_percent != Decimal("19.9")
    typed["share_0884"] = "20.4"
    assert client_of("ekonom", "en").post(url("recourse/"), typed).status_code == 302
    assert sum(party.share_percent for party in parties()) == 100


def test_shares_that_somebody_else_changed_meanwhile_are_shown_beside_the_typed_ones() -> None:
    client = client_of("ekonom", "en")
    seen = client.get(url("recourse/")).context["form"]["seen"].value()
    agreement = RecourseAgreement.objects.get(framework=proposed())
    save_agreement(agreement, {row.municipality: Decimal(20) for row in parties()}, by=get_user("administrator"))
    codes = [party.municipality.code for party in parties()]
    typed = dict(zip((f"share_{code}" for code in codes), ("10", "20", "30", "40", "0"), strict=True))
    response = client.post(url("recourse/"), {**typed, "seen": seen})
    assert response.status_code == 422 and "20.0000 %" in response.content.decode()
    again = response.context["form"]["seen"].value()
    assert client.post(url("recourse/"), {**typed, "seen": again}).status_code == 302


def test_signed_shares_stay_by_every_door() -> None:
    sign_agreement(parties()[0], date(2026, 5, 6), by=get_user("ekonom"))
    agreement = RecourseAgreement.objects.get(framework=proposed())
    with pytest.raises(ValidationError):
        save_agreement(agreement, {row.municipality: Decimal(20) for row in parties()}, by=get_user("ekonom"))
    with pytest.raises(IntegrityError, match="keeps its shares"), transaction.atomic():
        RecourseParty.objects.filter(agreement=agreement).update(share_percent=20)
    sign_agreement(parties()[0], None, by=get_user("ekonom"))
    save_agreement(agreement, {row.municipality: Decimal(20) for row in parties()}, by=get_user("ekonom"))


def test_signature_before_the_councils_decision_is_asked_about_and_kept_when_sent_again() -> None:
    client, address = client_of("ekonom", "en"), url("recourse/0884/")
    asked = client.post(address, {"signed_on": "2026-05-01"})
    assert asked.status_code == 422 and escape("The council's decision is not entered") in asked.content.decode()
    decide(WORKED[4])
    asked = client.post(address, {"signed_on": "2026-05-01"})
    assert "The council decided on 2026-05-29" in asked.content.decode()
    assert client.post(address, {"signed_on": "2026-05-01", "signed_on-asked": "2026-05-01"}).status_code == 302
    assert RecourseParty.objects.get(municipality__code="0884").signed_on == date(2026, 5, 1)
    assert client.post(address, {"signed_on": "2026-06-01"}).status_code == 302


def test_database_holds_the_shares_together() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RecourseParty.objects.filter(pk=parties()[0].pk).update(share_percent=1)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecourseParty.objects.filter(pk=parties()[0].pk).update(share_percent=-1)


# Warnings


def test_guarantee_older_than_ten_years_when_a_loan_is_raised_is_warned_of() -> None:
    (state,) = [row for row in list_framework_states(get_user("ekonom")) if row.in_force_on is not None]
    assert list_old_guarantees(state, get_budget()) == []
    CouncilDecision.objects.filter(municipality__code="0884").update(
        decided_on=date(2017, 3, 1), announced_on=date(2017, 3, 2)
    )
    (state,) = [row for row in list_framework_states(get_user("ekonom")) if row.in_force_on is not None]
    (found,) = list_old_guarantees(state, get_budget())
    assert (found[0].municipality.code, found[1]) == ("0884", 2027)
    page = client_of("ekonom", "en").get(f"/frameworks/{state.framework.uuid}/").content.decode()
    assert "The guarantee of Vimmerby is older than ten years when a loan is raised in 2027" in page


def test_headroom_under_the_limit_that_the_economist_sets_is_warned_of() -> None:
    current = BorrowingFramework.objects.get(replaces=None)
    (state,) = [row for row in list_framework_states(get_user("ekonom")) if row.in_force_on is not None]
    debts = [YearDebt(2026, "budget", 68 * MKR, 80 * MKR, 12 * MKR), YearDebt(2027, "plan", 81 * MKR, 80 * MKR, -MKR)]
    assert [row.year for row in list_low_headroom(state, debts)] == [2027]
    form = client_of("ekonom", "en").get(f"/frameworks/{current.uuid}/change/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"least_headroom_ore": "12 500 000"}
    assert client_of("ekonom", "en").post(f"/frameworks/{current.uuid}/change/", typed).status_code == 302
    (state,) = [row for row in list_framework_states(get_user("ekonom")) if row.in_force_on is not None]
    assert [row.year for row in list_low_headroom(state, debts)] == [2026, 2027]


# What is refused


def refuse(**values: Any) -> dict[str, str]:
    typed = {"amount_ore": 200 * MKR, "replaces": proposed(), **values}
    return dict(find_framework_faults(BorrowingFramework(**typed)))


def test_frameworks_that_overlap_or_can_not_be_are_refused_at_their_field() -> None:
    assert refuse() == {}
    assert "130" in refuse(replaces=None)["replaces"]
    assert "130" in refuse(replaces=proposed().replaces)["replaces"]
    assert set(refuse(amount_ore=0)) == {"amount_ore"}
    assert set(refuse(right_to_borrow_ore=199 * MKR)) == {"right_to_borrow_ore"}
    assert set(refuse(guarantee_fee_ore=-1)) == {"guarantee_fee_ore"}
    assert set(refuse(least_headroom_ore=200 * MKR)) == {"least_headroom_ore"}
    first = proposed().replaces
    assert first is not None
    first.replaces = proposed()
    assert [field for field, _words in find_framework_faults(first)] == ["replaces"]


def test_database_refuses_the_same() -> None:
    for values in ({"right_to_borrow_ore": 1}, {"guarantee_fee_ore": -1}, {"least_headroom_ore": 10**12}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BorrowingFramework.objects.filter(pk=proposed().pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        BorrowingFramework.objects.create(amount_ore=MKR)
    row = {"framework": proposed(), "municipality": Municipality.objects.get(code="0884")}
    for days in ({"appealed_on": date(2026, 5, 1)}, {"legal_force_on": date(2026, 5, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CouncilDecision.objects.create(**row, decided_on=date(2026, 5, 2), **days)


def test_framework_is_entered_and_what_was_sent_stays() -> None:
    client = client_of("ekonom", "en")
    typed = {"amount_ore": "150 000 000", "guarantee_fee_ore": "0", "replaces": str(proposed().uuid)}
    response = client.post("/frameworks/new/", typed)
    made = BorrowingFramework.objects.get(amount_ore=150 * MKR)
    assert response.status_code == 302 and response["Location"] == f"/frameworks/{made.uuid}/"
    form = client.get(url("change/")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"amount_ore": "140 000 000"}
    refused = client.post(url("change/"), typed)
    assert refused.status_code == 422 and "so it stays" in refused.content.decode()


@pytest.mark.parametrize("name", ["direktion", "kommundirektor", "vimmerby", "revisor", "objektagare"])
def test_others_read_and_change_nothing(name: str) -> None:
    client = client_of(name, "en")
    page = client.get(url()).content.decode()
    assert "Recourse agreement" in page and url("change/") not in page and url("recourse/") not in page
    for rest in ("change/", "recourse/", "recourse/0884/"):
        assert client.get(url(rest)).status_code == 403 and client.post(url(rest), {}).status_code == 403
    assert client_of("utan.roll").get(url()).status_code == 404


def test_administration_holds_shares_together_and_lets_what_is_sent_be() -> None:
    user = get_user("administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    client, agreement = client_of("administrator", "en"), RecourseAgreement.objects.get(framework=proposed())
    address = f"/admin/investments/recourseagreement/{agreement.pk}/change/"
    rows = {
        "parties-TOTAL_FORMS": "5",
        "parties-INITIAL_FORMS": "5",
        "framework": str(proposed().pk),
        "provenance": "entered",
    }
    for number, party in enumerate(parties()):
        own = {"id": party.pk, "agreement": agreement.pk, "municipality": party.municipality_id, "share_percent": "19"}
        rows |= {f"parties-{number}-{name}": str(value) for name, value in own.items()}
    refused = client.post(address, rows)
    assert refused.status_code == 200 and "Add 5 percentage points" in refused.content.decode()
    rows |= {f"parties-{number}-share_percent": "20" for number in range(5)}
    assert client.post(address, rows).status_code == 302
    assert [party.share_percent for party in parties()] == [20] * 5
    package = f"/admin/investments/councilpackage/{proposed().package.pk}/"
    assert "<textarea" not in client.get(f"{package}change/").content.decode()
    assert client.get(f"{package}delete/").status_code == 403
