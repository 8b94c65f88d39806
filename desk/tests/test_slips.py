"""Forms without script ask about amounts that are about a thousand times what stood there; sent again, they are kept."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from budgets.models import CostLine
from engine.years import AMOUNTS
from investments.models import BorrowingFramework
from objects.models import DevelopmentItem
from tests.cast import ADMINISTRATOR, ECONOMIST, OWN, OWNER, again, client_of, get_line, get_user, list_lines
from tests.grid_form import as_posted
from web.fields import name_of_answer
from web.numbers import format_sek

pytestmark = pytest.mark.django_db


def line_of(ore: int = 4_000_000) -> CostLine:
    """A line with the same amount in all years."""
    line = get_line()
    own = dict.fromkeys(AMOUNTS, ore) | {"quantity": None, "unit_price_ore": None}
    CostLine.objects.filter(pk=line.pk).update(**own)
    return again(line)


def hidden_of(page: str) -> dict[str, str]:
    """The answers that a page holds ready."""
    found = re.findall(r'<input type="hidden"[^>]*name="([^"]+-asked)" value="(-?[0-9]+)"', page)
    return dict(found)


def post_line(line: CostLine, typed: dict[str, str]) -> Any:
    shown = {"text": line.text, "cost_kind": line.cost_kind, "seen": line.edited_at.isoformat(), "note": line.note}
    shown |= {name: format_sek(getattr(line, name)) for name in AMOUNTS}
    address = reverse("budgets:edit_line", args=["budget-2027", OWN, line.lineage])
    return client_of(OWNER).post(address, shown | typed)


def test_form_of_a_line_asks_and_keeps_what_is_sent_again() -> None:
    line = line_of()
    asked = post_line(line, {"amount_1_ore": "40"})
    page = unescape(asked.content.decode()).replace("\u202f", " ")
    assert asked.status_code == 422
    assert "40 000 kr blev 40 kr" in page
    assert "Menade du 40 000 kr?" in page
    assert again(line).amounts == line.amounts
    answer = hidden_of(page)
    assert answer == {"amount_1_ore-asked": "4000"}
    assert post_line(line, {"amount_1_ore": "41"} | answer).status_code == 422
    assert post_line(line, {"amount_1_ore": "40"} | answer).status_code == 302
    assert again(line).amount_1_ore == 4_000


@pytest.mark.parametrize("typed", ["41 000", "0", "4 000", "400 000", "100 000 000"])
def test_form_does_not_ask_about_other_changes(typed: str) -> None:
    assert post_line(line_of(), {"amount_1_ore": typed}).status_code == 302


def test_table_without_script_asks_and_keeps_what_is_sent_again() -> None:
    line, client = line_of(), client_of(OWNER)
    address = reverse("budgets:grid", args=["budget-2027", OWN])
    posted = {
        "loaded": max(row.edited_at for row in list_lines()).isoformat(),
        f"{line.lineage}:amount_2_ore": "40",
        f"{line.lineage}:note": "prövad",
    }
    asked = client.post(address, as_posted(posted))
    page = unescape(asked.content.decode()).replace("\u202f", " ")
    assert asked.status_code == 422
    assert "40 000 kr blev 40 kr" in page
    assert (again(line).amount_2_ore, again(line).note) == (4_000_000, line.note)
    answer = hidden_of(page)
    assert answer == {name_of_answer(f"{line.lineage}:amount_2_ore"): "4000"}
    assert client.post(address, as_posted(posted | answer)).status_code == 302
    assert (again(line).amount_2_ore, again(line).note) == (4_000, "prövad")


def test_good_cells_of_a_table_are_saved_while_an_amount_is_asked_about() -> None:
    line, client = line_of(), client_of(OWNER)
    posted = {
        "loaded": max(row.edited_at for row in list_lines()).isoformat(),
        f"{line.lineage}:amount_2_ore": "40",
        f"{line.lineage}:note": "prövad",
        "partial": "1",
    }
    assert client.post(reverse("budgets:grid", args=["budget-2027", OWN]), as_posted(posted)).status_code == 302
    assert (again(line).amount_2_ore, again(line).note) == (4_000_000, "prövad")


def test_change_of_several_says_which_become_a_thousand_times_as_much_before_it_is_applied() -> None:
    line = line_of(4_000)
    asked = {"scope": "selected", "lines": str(line.lineage), "years": ["0"], "how": "amount", "value": "40 tkr"}
    address = reverse("budgets:change_many", args=["budget-2027", OWN])
    shown = client_of(OWNER).post(address, asked | {"preview": "1"})
    assert shown.context["plan"].slips == 1
    assert "1 belopp blir ungefär tusen gånger" in unescape(shown.content.decode())
    applied = client_of(OWNER).post(address, asked | {"apply": "1", "shown": shown.context["shown"]})
    assert applied.status_code == 302
    assert again(line).amount_1_ore == 4_004_000


def test_effect_of_an_object_plans_item_is_asked_about() -> None:
    item = DevelopmentItem.objects.filter(plan__governance_object__slug="socialtjanst").earliest("priority")
    DevelopmentItem.objects.filter(pk=item.pk).update(effect_ore=4_000_000)
    client = client_of(ECONOMIST)
    address = reverse("objects:edit_item", args=[item.uuid])
    shown = client.get(address).context["form"]
    posted = {name: shown[name].value() for name in shown.fields} | {"effect_ore": "40"}
    posted = {name: "" if value is None else str(value) for name, value in posted.items()}
    asked = client.post(address, as_posted(posted))
    page = asked.content.decode()
    assert "Menade du 40\u202f000 kr?" in unescape(page)
    assert client.post(address, posted | hidden_of(page)).status_code == 302
    assert DevelopmentItem.objects.get(pk=item.pk).effect_ore == 4_000


def test_administration_asks_about_a_framework() -> None:
    framework = BorrowingFramework.objects.latest("pk")
    client = client_of(ADMINISTRATOR)
    user = get_user(ADMINISTRATOR)
    user.is_staff = user.is_superuser = True
    user.save()
    address = reverse("admin:investments_borrowingframework_change", args=[framework.pk])
    form = client.get(address).context["adminform"].form
    posted = {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}
    rows = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    posted |= {f"council_decisions-{name}": value for name, value in rows.items()}
    posted["amount_ore"] = format_sek(framework.amount_ore // 1000)
    page = client.post(address, as_posted(posted)).content.decode()
    assert hidden_of(page) == {"amount_ore-asked": str(framework.amount_ore // 1000)}
    assert BorrowingFramework.objects.get(pk=framework.pk).amount_ore == framework.amount_ore
