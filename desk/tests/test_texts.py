"""What a sub-budget's page says about its object: the object's own texts until the budget is adopted, then a copy."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.utils import timezone

from budgets.models import SubBudget
from budgets.services.copying import copy_as_revision
from forecasts.services.versions import adopt_budget, copy_forward
from objects.models import Decision, GovernanceObject
from objects.services.plans import save_texts
from tests.cast import client_of, forget_revision, get_budget, get_user

pytestmark = pytest.mark.django_db
PAGE = "/budgets/{}/sub-budgets/{}/"
TEXTS = "/objects/socialtjanst/texts/"


def read(name: str, budget: str = "budget-2027", slug: str = "socialtjanst", language: str = "en") -> str:
    client = client_of(name, language)
    response = client.get(PAGE.format(budget, slug))
    assert response.status_code == 200
    return str(response.content.decode())


def write(**texts: str) -> GovernanceObject:
    governance_object: GovernanceObject = GovernanceObject.objects.get(slug="socialtjanst")
    for name in GovernanceObject.TEXTS:
        setattr(governance_object, name, texts.get(name, ""))
    save_texts(governance_object, by=get_user("objektagare"))
    return governance_object


def adopt(slug: str) -> None:
    decision = Decision.objects.get(kind=Decision.Kind.ADOPT_BUDGET)
    adopt_budget(get_budget(slug), decision=decision, by="test", reason="x")


def test_draft_shows_what_the_owner_writes_and_swedish_where_there_is_no_english() -> None:
    write(text_sv="Ny text", text_en="New text", purpose_sv="Varför det finns", scope_sv="Det som ingår")
    page = read("objektagare")
    assert "New text" in page and "Ny text" not in page
    assert '<div lang="sv"><p>Varför det finns</p></div>' in page and "Det som ingår" in page
    assert "Ny text" in read("objektagare", language="sv")


@pytest.mark.parametrize(("name", "may"), [("objektagare", True), ("ekonom", True), ("styrgrupp", False)])
def test_who_may_change_the_texts_finds_the_form_and_others_do_not(name: str, may: bool) -> None:
    assert (TEXTS in read(name)) == may
    assert TEXTS not in read(name, budget="budget-2026")
    write()
    page = read(name)
    assert "Nothing is written about this object yet." in page
    assert (TEXTS in page) == may
    assert may or "/objects/socialtjanst/" in page


def test_base_grant_has_texts_of_its_own_and_says_who_writes_them() -> None:
    grants = SubBudget.objects.filter(budget__slug="budget-2027", slug="grundanslag")
    assert grants.get().text_en and grants.get().text_en in read("ekonom", slug="grundanslag")
    grants.update(**dict.fromkeys(SubBudget.TEXTS, ""))
    assert "An administrator writes it" in read("ekonom", slug="grundanslag")


def test_adopted_budget_keeps_the_texts_of_its_day() -> None:
    write(text_sv="Då", purpose_sv="Syftet då")
    adopt("budget-2027")
    write(text_sv="Nu gäller annat")
    page = read("vimmerby", budget="budget-2027")
    assert "Då" in page and "Syftet då" in page and "Nu gäller annat" not in page
    kept = SubBudget.objects.exclude(governance_object=None).filter(budget__slug="budget-2027").exclude(text_sv="")
    assert kept.count() > 1


def test_object_without_texts_at_adoption_says_so() -> None:
    write()
    adopt("budget-2027")
    write(text_sv="Skrivet efteråt")
    page = read("ekonom", budget="budget-2027")
    assert "Nothing was written about this object when the budget was adopted." in page
    assert "Skrivet efteråt" not in page


def test_copies_read_their_objects_texts_and_take_the_base_grants_along() -> None:
    source = get_budget("budget-2026")
    forget_revision()
    copy_as_revision(source, slug="r", name="R", by="test")
    copy_forward(source, slug="f", name="F", on=timezone.localdate(), by="test")
    for slug in ("r", "f"):
        rows = SubBudget.objects.filter(budget__slug=slug)
        assert set(rows.exclude(governance_object=None).values_list(*SubBudget.TEXTS)) == {("",) * 6}
        assert rows.get(governance_object=None).text_sv
        assert GovernanceObject.objects.get(slug="socialtjanst").text_en in read("ekonom", budget=slug)


def test_administration_writes_the_base_grants_texts_only() -> None:
    client = client_of("administrator", "en")
    for slug, may in (("grundanslag", True), ("socialtjanst", False)):
        row = SubBudget.objects.get(budget__slug="budget-2027", slug=slug)
        page = client.get(f"/admin/budgets/subbudget/{row.pk}/change/")
        assert page.status_code == 200
        assert ('name="purpose_sv"' in page.content.decode()) == may


def test_who_writes_from_a_sub_budgets_page_comes_back_to_it_and_nobody_is_led_elsewhere() -> None:
    page, own = PAGE.format("budget-2027", "socialtjanst"), "/objects/socialtjanst/"
    assert f'href="{TEXTS}?next={page}"' in read("objektagare")
    client = client_of("objektagare")
    for asked, back in (
        (page, page),
        ("", own),
        ("https://evil.example/", own),
        ("//evil.example/", own),
        ("/\\evil.example/", own),
        ("javascript:alert(1)", own),
    ):
        address = f"{TEXTS}?{urlencode({'next': asked})}"
        form = client.get(address)
        assert f'href="{back}">Avbryt</a>' in form.content.decode(), asked
        response = client.post(address, {"text_sv": asked, "seen": form.context["form"]["seen"].value()})
        assert response.headers["Location"] == back, asked
    stale = client.post(f"{TEXTS}?next={page}", {"text_sv": "x", "seen": "older"})
    assert stale.status_code == 422 and f'href="{page}"' in stale.content.decode()
