"""The stress test on the loans page: what is tried, what it answers, and what can't be tried."""

from __future__ import annotations

import json
import re

import pytest
from django.core.management import call_command

from tests.cast import DRAFT, ECONOMIST, client_of
from web.numbers import format_tkr

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/{DRAFT}/loans/"
CHOSEN: dict[str, str | list[str]] = {"chosen": "1", "classes": ["computers", "mobile_phones"]}


def show(data: dict[str, str | list[str]], *, part: bool = True, language: str = "en") -> str:
    headers = {"HX-Request": "true"} if part else {}
    answer = client_of(ECONOMIST, language).get(PAGE, data, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def year_ends(capsys: pytest.CaptureFixture[str], tmp_path_inputs: str) -> dict[int, int]:
    call_command("stress", DRAFT, "--inputs", tmp_path_inputs, "--json")
    return {row["year"]: row["debt_ore"] for row in json.loads(capsys.readouterr().out)["year_ends"]}


def test_page_shows_the_debt_as_budgeted_with_the_price_that_uses_the_whole_headroom() -> None:
    page = show({}, part=False)
    assert "Stress test" in page
    headline = re.search("As budgeted, the debt exceeds the framework in force from [^<]*", page)
    assert headline and headline[0].endswith("hold")  # the assumed repayments and purchases
    assert "Uses the whole headroom at" in page
    assert "Debt under stress" not in page
    assert 'name="classes" value="computers"' in page


def test_tried_price_is_the_command_s_answer_to_the_tkr(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("stress") / "inputs.json"
    path.write_text(json.dumps({"price_change": {"computers": 0.3, "mobile_phones": 0.3}}))
    debts = year_ends(capsys, str(path))
    part = show({**CHOSEN, "price": "30"})
    assert "<form" not in part
    for ore in debts.values():
        assert format_tkr(ore).replace("\u202f", " ") in part
    assert 'id="price-help" hx-swap-oob="true"' in part


def test_deferral_and_an_amount_that_is_not_known_move_the_debt() -> None:
    unknown = re.search(r'name="(unknown_[0-9a-f]{32})"', show({}, part=False))
    assert unknown
    plain = show({**CHOSEN, "other_price": "1"})
    later = show({**CHOSEN, "other_price": "1", "years_later": "1"})
    dearer = show({**CHOSEN, "other_price": "1", unknown[1]: "6 mkr"})
    figures = [re.findall(r"Debt under stress.*?</table>", text) for text in (plain, later, dearer)]
    assert figures[0] != figures[1] != figures[2] != figures[0]


def test_shares_of_the_members_are_told_and_assumed() -> None:
    page = show({}, part=False, language="sv")
    assert "Varje medlems del av den högsta skulden" in page
    assert "eftersom inget regressavtal gäller" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("price", "1e9"), ("price", "dyrt"), ("price", "-95"), ("other_price", "1.234"), ("years_later", "2,5"),
     ("years_later", "9"), ("classes", "båtar")],
)  # fmt: skip
@pytest.mark.parametrize("part", [True, False])
def test_what_cannot_be_tried_is_told_at_its_field_and_the_debt_stays_as_budgeted(
    name: str, value: str, part: bool
) -> None:
    page = show({**CHOSEN, name: value}, part=part)
    assert "1 thing to correct" in page
    assert "Debt under stress" not in page


def test_amount_below_zero_is_refused() -> None:
    unknown = re.search(r'name="(unknown_[0-9a-f]{32})"', show({}, part=False))
    assert unknown
    assert "Write an amount from 0 on." in show({**CHOSEN, unknown[1]: "-5"})
