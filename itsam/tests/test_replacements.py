"""manage.py replacements: what falls due by year, class and member, and what of it is assumed."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from investments.models import DeviceBatch

pytestmark = pytest.mark.django_db


def ask(*arguments: str) -> Any:
    out = StringIO()
    call_command("replacements", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_rows_are_years_by_classes_by_members_with_price_and_amount() -> None:
    told = ask("budget-2027")
    assert told["years"] == [2027, 2028, 2029]
    laptops = [row for row in told["rows"] if row["year"] == 2027 and row["asset_class"] == "computers"]
    assert len(laptops) == 5 and sum(row["number"] for row in laptops) == 900
    for row in told["rows"]:
        assert row["amount_ore"] == row["number"] * row["unit_price_ore"]
        assert row["assumed"] is True
    assert {row["member"] for row in told["rows"] if row["asset_class"] == "network"} == {None}
    assert "60 that fell due before 2027 are replaced in January 2027" in told["assumed"]


def test_a_later_year_and_a_table_may_be_asked_for() -> None:
    assert ask("budget-2027", "--until-year", "2032")["years"][-1] == 2032
    out = StringIO()
    call_command("replacements", "budget-2027", stdout=out)
    assert "Vimmerby kommun" in out.getvalue() and "Assumed:" in out.getvalue()


def test_what_cannot_be_is_told_in_words() -> None:
    with pytest.raises(CommandError, match="There is no budget"):
        ask("nothing")
    with pytest.raises(CommandError, match="--until-year 2020"):
        ask("budget-2027", "--until-year", "2020")
    DeviceBatch.objects.all().delete()
    with pytest.raises(CommandError, match="register has nothing"):
        ask("budget-2027")
