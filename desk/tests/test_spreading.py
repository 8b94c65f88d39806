"""A new sum of a year, spread on the lines that may be typed: shown first, one step, and what it leaves alone."""

from __future__ import annotations

import pytest

from budgets.models import CostLine, EditStep
from desk.tests.test_grid_views import address
from tests.cast import OWNER, again, client_of, get_line, list_lines, list_open

pytestmark = pytest.mark.django_db


def spread_of(total: str, how: str = "proportion", **more: str) -> dict[str, str]:
    return {"scope": "all", "year": "0", "total": total, "how": how} | more


def test_new_sum_is_shown_per_line_and_spread_as_one_step() -> None:
    client, lines = client_of(OWNER), list_open()
    whole = sum(line.amount_1_ore for line in lines)
    asked = spread_of(f"{2 * whole // 100} kr", visible=",".join(str(line.lineage) for line in lines))
    shown = client.post(address("spread"), asked)
    assert (shown.status_code, len(shown.context["plan"].rows)) == (200, len(lines))
    assert [again(line).amounts for line in lines] == [line.amounts for line in lines]
    applied = client.post(address("spread"), asked | {"apply": "1", "shown": shown.context["shown"]})
    assert applied.status_code == 302
    assert sum(again(line).amount_1_ore for line in lines) == 2 * whole // 100 * 100
    assert [again(line).amount_2_ore for line in lines] == [line.amount_2_ore for line in lines]
    assert EditStep.objects.get().action == "many"


def test_lines_of_one_text_in_several_products_are_told_apart() -> None:
    client, lines = client_of(OWNER), list_open()
    names = {f"{line.budget_product.name}, {line.text}" for line in lines}
    assert len(names) > len({line.text for line in lines})
    page = client.post(address("spread"), spread_of("9 000 000")).content.decode()
    assert all(f'<th scope="row">{name}</th>' in page for name in names)


def test_calculated_lines_and_hidden_ones_keep_their_amounts() -> None:
    client, lines = client_of(OWNER), list_open()
    calculated = lines[0]
    CostLine.objects.filter(pk=calculated.pk).update(provenance="calculated", is_calculated=True)
    chosen = ",".join(str(line.lineage) for line in lines[:3])
    asked = spread_of("9 000 000", "alike", visible=chosen)
    shown = client.post(address("spread"), asked)
    assert len(shown.context["plan"].rows) == 2
    assert len(shown.context["untouched"]) == (2 if len(lines) > 3 else 1)
    client.post(address("spread"), asked | {"apply": "1", "shown": shown.context["shown"]})
    assert again(calculated).amount_1_ore == calculated.amount_1_ore
    assert sum(again(line).amount_1_ore for line in lines[:3]) == 900_000_000
    assert [again(line).amounts for line in lines[3:]] == [line.amounts for line in lines[3:]]


def test_sum_that_is_about_a_thousand_times_as_much_is_asked_about() -> None:
    client, lines = client_of(OWNER), list_open()
    chosen, whole = ",".join(str(line.lineage) for line in lines), sum(line.amount_1_ore for line in lines)
    slipped = client.post(address("spread"), spread_of(f"{1000 * whole // 100} kr", visible=chosen))
    assert slipped.context["plan"].slips == sum(line.amount_1_ore != 0 for line in lines)
    assert "tusen gånger" in slipped.content.decode()
    meant = client.post(address("spread"), spread_of(f"{2 * whole // 100} kr", visible=chosen))
    assert "tusen gånger" not in meant.content.decode()


def test_lines_that_were_not_shown_are_not_spread_on() -> None:
    client, line = client_of(OWNER), get_line()
    answer = client.post(address("spread"), spread_of("1", apply="1", shown="x"))
    assert (answer.status_code, answer.context["is_new"]) == (200, True)
    assert again(line).amounts == line.amounts


@pytest.mark.parametrize("asked", [spread_of("tolv"), spread_of(""), spread_of("1") | {"year": "7"}, {}])
def test_sum_that_can_not_be_read_is_told_at_its_field(asked: dict[str, str]) -> None:
    answer = client_of(OWNER).post(address("spread"), asked)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_no_proportion_between_lines_of_zero_is_said() -> None:
    client, lines = client_of(OWNER), list_lines()
    CostLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        amount_1_ore=0, quantity=None, unit_price_ore=None
    )
    answer = client.post(address("spread"), spread_of("100"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["how"])
