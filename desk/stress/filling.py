"""Fills the form of the stress test with what a scenario kept: what all chosen classes share stands at their common slider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.datastructures import MultiValueDict

from desk.loans.stress_form import Unknown
from desk.stress.form import POT_KEYS
from forecasts.selectors.stress_inputs import Given
from web.numbers import format_sek


def fill_form(
    given: Given, names: Iterable[str], unknown: Sequence[Unknown], years: Sequence[int]
) -> MultiValueDict[str, object]:
    """Return inputs as the form's fields are sent; `names` are the slugs of the classes that it has, `years` the plan's."""
    slugs = list(names)
    chosen = [slug for slug in slugs if slug in given.get("break_even_classes", [])]
    others = [slug for slug in slugs if slug not in chosen]
    data: dict[str, object] = {"chosen": "1", **_fill_classes(given, chosen, others, years)}
    if shift := given.get("interest_shift"):
        data["interest"] = _to_percent(shift)
    for key, field in (("buffer_ore", "buffer"), ("until_year", "until_year")):
        if value := given.get(key):
            data[field] = format_sek(value) if field == "buffer" else str(value)
    for row in given.get("frameworks", [])[:1]:
        data |= {"framework": format_sek(row["amount_ore"]), "framework_on": row["from_on"]}
    data |= _fill_pots(given, unknown)
    return MultiValueDict({"classes": list(chosen), **{name: [value] for name, value in data.items()}})


def _fill_classes(
    given: Given, chosen: Sequence[str], others: Sequence[str], years: Sequence[int]
) -> dict[str, object]:
    prices, quantities = given.get("price_change", {}), given.get("quantity_change", {})
    months = given.get("defer_months", {})
    data: dict[str, object] = {}
    for field, own, group, kept in (
        ("price", "price", chosen, prices),
        ("other_price", "price", others, prices),
        ("quantity", "quantity", chosen, quantities),
        ("", "quantity", others, quantities),
        ("months_later", "months", chosen, months),
        ("", "months", others, months),
    ):
        common = _find_common(group, kept) if field else 0
        if common:
            data[field] = _show(common, own)
        for slug in group:
            value = kept.get(slug, 0)
            if isinstance(value, Mapping):
                data |= _fill_years(slug, value, years)
            elif value != common:
                data[f"{own}_{slug}"] = _show(value, own)
    return data


def _fill_years(slug: str, changes: Mapping[str, float], years: Sequence[int]) -> dict[str, object]:
    """Return a price by year: the plan's years have fields of their own, those after them follow the class's."""
    later = next((change for year, change in changes.items() if int(year) not in years), None)
    own: dict[str, object] = {} if later is None else {f"price_{slug}": _to_percent(later)}
    return own | {f"price_{slug}_{year}": _to_percent(changes.get(str(year), 0)) for year in years}


def _find_common(group: Sequence[str], kept: Mapping[str, Any]) -> Any:
    """Return the value that all of a group have, 0 where they differ."""
    values = [kept.get(slug, 0) for slug in group]
    is_common = bool(values) and all(value == values[0] for value in values) and not isinstance(values[0], Mapping)
    return values[0] if is_common else 0


def _fill_pots(given: Given, unknown: Sequence[Unknown]) -> dict[str, object]:
    """A system whose amount nobody knows stands at its field; the others are rows."""
    data: dict[str, object] = {}
    rows = []
    for row in [*given.get("unpriced_systems", []), *given.get("recurring_pots", [])]:
        field = next((each.field for each in unknown if _is_of(each, row)), None)
        if field is None:
            rows.append(row)
        else:
            data[field] = format_sek(row["yearly_amount_ore"])
    for number, row in enumerate(rows):
        shown = {**row, "yearly_amount_ore": format_sek(row["yearly_amount_ore"])}
        data |= {f"pot_{number}_{key}": str(shown.get(key, "")) for key in POT_KEYS}
    return data


def _is_of(unknown: Unknown, row: Mapping[str, Any]) -> bool:
    return (row["name"], row["life_years"], "replaces" in row) == (unknown.name, unknown.life_years, False) and row.get(
        "last_year"
    ) == row.get("first_year") == unknown.year


def _show(value: Any, kind: str) -> object:
    return str(value) if kind == "months" else _to_percent(value)


def _to_percent(change: float) -> Decimal:
    """Return a kept fraction as the per cent that was typed."""
    return Decimal(str(change)) * 100
