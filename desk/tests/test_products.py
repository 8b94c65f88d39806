"""The pages of products: who may do what, what a form refuses, and that each is carried out once."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import BudgetProduct, CostLine, ProductProposal
from budgets.services.products.parts import end_product
from pricing.models import PoolShare, PoolWeight
from tests.cast import (
    ADOPTED,
    AUDITOR,
    DRAFT,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWN,
    OWNER,
    client_of,
    count_queries,
    get_page,
    get_user,
)
from web.numbers import format_quantity, format_sek

pytestmark = pytest.mark.django_db
LIST = f"/budgets/{DRAFT}/products/"
NEW = {
    "name": "Ny tjänst",
    "sub_budget": OWN,
    "category": "allocated",
    "vat_percent": "25",
    "allocation_key": "invanare",
}


def product() -> BudgetProduct:
    rows = BudgetProduct.objects.filter(
        budget__slug=DRAFT, sub_budget__slug=OWN, cost_lines__isnull=False, pool_weights=None
    )
    return rows.earliest("pk")


def page(action: str = "", of: BudgetProduct | None = None) -> str:
    return f"{LIST}{(of or product()).lineage}/{action}"


def shown(address: str, who: str = ECONOMIST) -> str:
    """The mark of a form as it is shown now."""
    return str(get_page(who, address).context["form"].initial["shown"])


def test_list_shows_every_product_with_who_pays_and_its_sum_in_both_languages() -> None:
    for language, word in (("sv", "Betalas av"), ("en", "Paid by")):
        text = get_page(AUDITOR, LIST, language).content.decode()
        assert word in text and "AiAi" in text and text.count("<tr") > 50
    rows = client_of(ECONOMIST).get(LIST, {"export": "csv"}).content.decode()
    assert rows.count("Boxholms kommun") > 50


def test_list_asks_as_many_questions_for_one_product_as_for_all() -> None:
    client = client_of(ECONOMIST)
    assert count_queries(client, LIST, q="AiAi") == count_queries(client, LIST)


def test_economist_adds_a_product_and_ends_it_with_its_lines_and_undoes_that() -> None:
    client = client_of(ECONOMIST)
    assert client.post(f"{LIST}new/", NEW).status_code == 302
    new = BudgetProduct.objects.get(budget__slug=DRAFT, name="Ny tjänst")
    assert client.post(page("end/", new), {"shown": shown(page("end/", new))}).status_code == 302
    old, lines = product(), CostLine.objects.filter(budget__slug=DRAFT).count()
    answer = client.post(page("end/", old), {"shown": shown(page("end/", old))})
    assert answer.status_code == 422 and BudgetProduct.objects.filter(pk=old.pk).exists()
    answer = client.post(page("end/", old), {"shown": shown(page("end/", old)), "with_lines": "on"})
    assert answer.status_code == 302 and CostLine.objects.filter(budget__slug=DRAFT).count() < lines
    act = client.get(LIST).context["acts"][0].act
    client.post(f"{LIST}acts/{act.id}/undo/")
    assert CostLine.objects.filter(budget__slug=DRAFT).count() == lines
    assert BudgetProduct.objects.get(pk=old.pk).name == old.name


def given() -> BudgetProduct:
    """A product that a pool gives to."""
    rows = BudgetProduct.objects.filter(budget__slug=DRAFT, sub_budget__slug=OWN, pool_weights__weight_1__gt=0)
    return rows.earliest("pk")


def test_question_before_an_end_names_each_pool_with_its_hours_and_cost_and_leads_there() -> None:
    old = given()
    shares = PoolShare.objects.filter(budget_product=old)
    answer = get_page(ECONOMIST, page("end/", old), "sv")
    text = answer.content.decode()
    weights = PoolWeight.objects.filter(budget_product=old, weight_1__gt=0)
    assert [gift.pool for gift in answer.context["gifts"].pools] == [
        weight.pool for weight in weights.order_by("pool__position", "pool")
    ]
    for weight in weights:
        ore = shares.get(pool=weight.pool).amount_1_ore
        assert f"/budgets/{DRAFT}/pools/{weight.pool.lineage}/" in text
        assert f"{format_quantity(weight.weight_1)} " in text and f">{format_sek(ore)}<" in text
    refused = client_of(ECONOMIST, "sv").post(page("end/", old), {"shown": shown(page("end/", old))})
    assert refused.status_code == 422 and weights[0].pool.name_sv in " ".join(
        refused.context["form"].non_field_errors()
    )


def test_page_of_pools_says_whose_hours_no_longer_come_to_those_of_their_posts() -> None:
    pools = f"/budgets/{DRAFT}/pools/"
    assert get_page(ECONOMIST, pools).context["overview"].uneven == []
    weights = PoolWeight.objects.filter(pool__budget__slug=DRAFT, pool__post_parts__isnull=False, weight_1__gt=0)
    weight = weights.filter(pool__unit="hours", budget_product__isnull=False).earliest("pk")
    product = BudgetProduct.objects.get(pool_weights=weight)
    end_product(product, by=get_user(ECONOMIST), with_lines=True)
    for who, tells in ((ECONOMIST, True), (AUDITOR, False)):
        told = get_page(who, pools).context["overview"].uneven
        (mine,) = [problem for problem in told if problem.links[0][0] == weight.pool.name_en]
        assert (" hours, and its posts work " in mine.text) == tells


def test_proposal_to_end_shows_what_the_product_is_given() -> None:
    old = given()
    proposal = ProductProposal.objects.create(
        budget=old.budget, sub_budget=old.sub_budget, product=old.product, kind="end", name=old.name, note="x",
        proposed_by=get_user(OWNER),
    )  # fmt: skip
    answer = f"{LIST}proposals/{proposal.uuid}/"
    assert given_pools(answer) == given_pools(page("end/", old)) != []
    client = client_of(ECONOMIST)
    assert client.post(answer, {"verdict": "accept"}).status_code == 422
    assert client.post(answer, {"verdict": "accept", "with_lines": "on"}).status_code == 302
    assert not PoolWeight.objects.filter(budget_product=old.pk).exists()


def given_pools(address: str) -> list[str]:
    return [gift.pool.slug for gift in get_page(ECONOMIST, address).context["gifts"].pools]


def test_form_over_somebody_elses_change_shows_both() -> None:
    old = product()
    seen = get_page(ECONOMIST, page("change/")).context["form"].fields["seen"].initial
    BudgetProduct.objects.filter(pk=old.pk).update(name="Deras namn")
    answer = client_of(ECONOMIST).post(page("change/"), {**NEW, "name": "Mitt namn", "seen": seen})
    assert answer.status_code == 422
    assert "Deras namn" in answer.content.decode() and "Mitt namn" in answer.content.decode()
    assert product().name == "Deras namn"


def test_product_that_changed_since_the_question_is_not_ended_and_the_question_comes_again() -> None:
    old, mark = product(), shown(page("end/"))
    line = old.cost_lines.earliest("pk")
    CostLine.objects.filter(pk=line.pk).update(amount_2_ore=line.amount_2_ore + 100)
    answer = client_of(ECONOMIST).post(page("end/"), {"shown": mark, "with_lines": "on"})
    assert answer.status_code == 422 and BudgetProduct.objects.filter(pk=old.pk).exists()
    again = answer.context["form"]["shown"].value()
    assert client_of(ECONOMIST).post(page("end/"), {"shown": again, "with_lines": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "AiAi"}, "name"),
        ({"category": "base_grant"}, "category"),
        ({"category": "x"}, "category"),
        ({"sub_budget": "grundanslag"}, "category"),
        ({"sub_budget": "x"}, "sub_budget"),
        ({"vat_percent": "101"}, "vat_percent"),
        ({"vat_percent": "NaN"}, "vat_percent"),
        ({"allocation_key": "x"}, "allocation_key"),
        ({"product": "x"}, "product"),
    ],
)
def test_what_can_not_be_stays_typed_with_words_at_its_field(typed: dict[str, str], field: str) -> None:
    answer = client_of(ECONOMIST).post(f"{LIST}new/", {**NEW, **typed})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not BudgetProduct.objects.filter(name="Ny tjänst").exists()


def test_assumed_category_is_confirmed_by_its_button_and_only_as_it_was_shown() -> None:
    client = client_of(ECONOMIST)
    assert product().provenance == "assumed"
    answer = client.post(f"{LIST}confirm/", {"product": f"{product().lineage}.other"}, follow=True)
    assert product().provenance == "assumed" and answer.context["messages"]
    row = next(row for row in client.get(LIST, {"per_page": 100}).context["table"].data if row.product == product())
    client.post(f"{LIST}confirm/", {"product": f"{product().lineage}.{row.digest}"})
    assert product().provenance == "entered"
    assert client.post(f"{LIST}confirm/", {"product": "x"}).status_code == 404


@pytest.mark.parametrize("action", ["new/", "change/", "end/", "merge/", "split/"])
@pytest.mark.parametrize(("who", "status"), [(OWNER, 403), (AUDITOR, 403), (OFFICER, 404), (OUTSIDER, 404)])
def test_others_get_no_form_of_the_register(action: str, who: str, status: int) -> None:
    address = f"{LIST}new/" if action == "new/" else page(action)
    client = client_of(who)
    assert (client.get(address).status_code, client.post(address, NEW).status_code) == (status, status)


def test_adopted_budget_says_why_its_products_stay() -> None:
    address = f"/budgets/{ADOPTED}/products/new/"
    for answer in (get_page(ECONOMIST, address), client_of(ECONOMIST, "en").post(address, NEW)):
        assert answer.status_code == 409 and "is adopted" in answer.content.decode()
    seen: Any = get_page(OFFICER, f"/budgets/{ADOPTED}/products/").content.decode()
    assert "Vimmerby kommun" in seen and "Boxholms kommun" not in seen


def test_form_shows_vat_as_people_write_it() -> None:
    BudgetProduct.objects.filter(pk=product().pk).update(vat_percent=20)
    assert 'value="20"' in str(get_page(ECONOMIST, page("change/")).context["form"]["vat_percent"])


def test_assumed_categories_are_listed_with_who_confirmed_which_when() -> None:
    client, address = client_of(ECONOMIST, "en"), f"{LIST}assumed/"
    row = product()
    BudgetProduct.objects.filter(pk=row.pk).update(provenance="assumed")
    left = client.get(address).context["left"]
    shown = next(found for found in client.get(address).context["table"].data if found.row.product.pk == row.pk)
    sent = {"product": f"{row.lineage}.{shown.row.digest}", "next": f"{address}?q=x"}
    answer = client.post(f"{LIST}confirm/", sent)
    assert answer.status_code == 302 and answer["Location"] == f"{address}?q=x"
    assert client.get(address).context["left"] == left - 1
    text = get_page(AUDITOR, address, "en", state="confirmed", export="csv").content.decode()
    assert row.name in text and "Eva Ekonom" in text and "confirmed" in text
    assert "<button" not in get_page(AUDITOR, address).content.decode().split("<table", 1)[-1].split("</table", 1)[0]


def test_assumed_categories_are_read_inside_the_federation_and_an_address_elsewhere_is_not_gone_to() -> None:
    assert get_page(OFFICER, f"{LIST}assumed/".replace(DRAFT, ADOPTED)).status_code == 403
    assert get_page(OUTSIDER, f"{LIST}assumed/").status_code == 404
    answer = client_of(ECONOMIST).post(
        f"{LIST}confirm/", {"product": f"{product().lineage}.", "next": "//evil.example"}
    )
    assert answer["Location"] == LIST
