"""Proposals on products: who makes, withdraws and answers them, and that an accepted one is one act."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from budgets.models import BudgetProduct, CostLine, ProductProposal
from budgets.services.products.proposals import accept_proposal, decline_proposal, propose_product, withdraw_proposal
from tests.cast import (
    DRAFT,
    ECONOMIST,
    OTHER,
    OWN,
    OWNER,
    PEOPLE,
    client_of,
    get_page,
    get_sub_budget,
    get_user,
    put_sub_budget,
)

pytestmark = pytest.mark.django_db
LIST = f"/budgets/{DRAFT}/products/"


def propose(
    kind: str = "add", *, who: str = OWNER, slug: str = OWN, row: BudgetProduct | None = None
) -> ProductProposal:
    return propose_product(
        get_sub_budget(slug),
        kind=kind,
        name="Ny tjänst",
        category="allocated",
        note="Den behövs",
        by=get_user(who),
        row=row,
    )


def product() -> BudgetProduct:
    rows = BudgetProduct.objects.filter(budget__slug=DRAFT, sub_budget__slug=OWN, cost_lines__isnull=False)
    return rows.select_related("product").earliest("pk")


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {OWNER}))
def test_only_owner_and_manager_of_the_object_propose(who: str) -> None:
    with pytest.raises(PermissionDenied):
        propose(who=who)
    assert not ProductProposal.objects.exists()


def test_owner_proposes_for_the_own_object_in_draft_only() -> None:
    with pytest.raises(PermissionDenied):
        propose(slug=OTHER)
    put_sub_budget("submitted")
    with pytest.raises(PermissionDenied):
        propose()


def test_accepted_proposal_is_carried_out_once() -> None:
    proposal = propose()
    accept_proposal(proposal, by=get_user(ECONOMIST), answer="Bra")
    new = BudgetProduct.objects.get(budget__slug=DRAFT, name="Ny tjänst")
    proposal.refresh_from_db()
    assert (new.sub_budget.slug, new.category, proposal.state, proposal.answer) == (OWN, "allocated", "accepted", "Bra")
    with pytest.raises(ValidationError):
        accept_proposal(proposal, by=get_user(ECONOMIST))
    assert BudgetProduct.objects.filter(budget__slug=DRAFT, name="Ny tjänst").count() == 1


def test_accepted_change_and_end_touch_the_product_they_are_about() -> None:
    row = product()
    accept_proposal(propose("change", row=row), by=get_user(ECONOMIST))
    row.refresh_from_db()
    assert row.name == "Ny tjänst"
    end = propose("end", row=row)
    with pytest.raises(ValidationError):
        accept_proposal(end, by=get_user(ECONOMIST))
    accept_proposal(end, by=get_user(ECONOMIST), with_lines=True)
    assert not CostLine.objects.filter(budget_product=row.pk).exists()


def test_declined_proposal_needs_a_note_and_changes_nothing() -> None:
    proposal = propose()
    with pytest.raises(ValidationError):
        decline_proposal(proposal, by=get_user(ECONOMIST), answer=" ")
    decline_proposal(proposal, by=get_user(ECONOMIST), answer="Nästa år")
    proposal.refresh_from_db()
    assert proposal.state == "declined" and not BudgetProduct.objects.filter(name="Ny tjänst").exists()


def test_owner_answers_no_proposal_and_withdraws_only_the_own() -> None:
    proposal = propose()
    with pytest.raises(PermissionDenied):
        accept_proposal(proposal, by=get_user(OWNER))
    with pytest.raises(PermissionDenied):
        decline_proposal(proposal, by=get_user(OWNER), answer="x")
    with pytest.raises(PermissionDenied):
        withdraw_proposal(proposal, by=get_user(ECONOMIST))
    withdraw_proposal(proposal, by=get_user(OWNER))
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_owner_proposes_and_economist_accepts_in_the_pages() -> None:
    owner, economist = client_of(OWNER), client_of(ECONOMIST)
    typed = {"sub_budget": OWN, "name": "Ny tjänst", "category": "allocated", "note": "Den behövs"}
    assert owner.post(f"{LIST}propose/", {**typed, "note": ""}).status_code == 422
    assert owner.post(f"{LIST}propose/", typed).status_code == 302
    proposal = ProductProposal.objects.get()
    assert "Den behövs" in get_page(ECONOMIST, LIST).content.decode()
    answer = f"{LIST}proposals/{proposal.uuid}/"
    assert owner.get(answer).status_code == 403
    assert economist.post(answer, {"verdict": "decline"}).status_code == 422
    assert economist.post(answer, {"verdict": "accept"}).status_code == 302
    assert BudgetProduct.objects.filter(budget__slug=DRAFT, name="Ny tjänst").exists()
