"""The sheets that gather the others: overview, result and revenue by category, all of them formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from budgets.models import COST_KINDS, Budget, RevenueCategory
from budgets.selectors.compared import Compared
from budgets.words import name_earlier
from engine.result import OPERATING, CostKind, counted, is_income, sum_amounts
from engine.years import Amounts
from forecasts.models import Forecast
from reports.overview.selectors import sum_compared
from reports.overview.words import GROUPS, RESULT, STYLES
from reports.workbook.lines import EARLIER, YEARS, Written, add_rows, compare, compared_columns, source_of, year_columns
from reports.workbook.selectors import Contents
from web.names import name_of
from web.workbook import Cell, Column, Form, Formula, Sheet, Value, Weight, add_up, sek, span


def overview_columns(budget: Budget) -> list[Column]:
    """Return the columns of the overview."""
    heads = [Column(_("Sub-budget"), 36), Column(_("Kind of object"), 24), Column(_("Status"), 14)]
    return [*heads, Column(_("Lines"), 10, Form.COUNT), *compared_columns(budget)]


def result_columns(budget: Budget) -> list[Column]:
    """Return the columns of the income statement."""
    return [Column(_("Item"), 42), *compared_columns(budget)]


def revenue_columns(budget: Budget) -> list[Column]:
    """Return the columns of revenue by category."""
    heads = [Column(_("Category"), 42), Column(_("Sub-budget"), 32)]
    return [*heads, *compared_columns(budget), Column(_("Source"), 16)]


def write_overview(sheet: Sheet, parts: Sequence[Written], contents: Contents) -> int:
    """Write every sub-budget's total from its sheet, summed by kind of object; return the row of the grand total."""
    sheet.start_table()
    rows: list[int] = []
    for kind, label in GROUPS.items():
        own = [written for written in parts if _kind_of(written) == kind]
        if own and label:
            rows.append(_add_group(sheet, str(label), own))
        added = [_add_part(sheet, written, contents, level=1 if label else 0) for written in own]
        rows += [] if label else added
    total = sum_compared(_figures(written) for written in parts)
    unplaced = _find_unplaced(total, contents)
    earlier_rows = list(rows)
    if unplaced:
        label = _("In no sub-budget of %(earlier_year)s") % {"earlier_year": name_earlier(contents.budget)}
        earlier_rows.append(sheet.add([label, *[None] * 6, sek(unplaced)]))
        total = Compared(total.amounts, (total.earlier or 0) + unplaced)
    row = sheet.row + 1
    return sheet.add(
        [
            _("Total sub-budgets"),
            None,
            None,
            Formula(add_up([f"D{number}" for number in rows]), _count_lines(parts)) if rows else 0,
            *(add_rows(letter, rows, ore) for letter, ore in zip("EFG", total.amounts, strict=True)),
            None if total.earlier is None or not rows else add_rows("H", earlier_rows, total.earlier),
            *(compare(row, "E", "H", "I", total) if rows else ()),
        ],
        Weight.TOTAL,
    )


def _find_unplaced(total: Compared, contents: Contents) -> int:
    """Return what of the year before's revenue is in none of its sub-budgets, öre: printed ones may miss it."""
    revenue = (contents.result_before or {}).get("operating_revenue")
    return 0 if revenue is None or total.earlier is None else revenue - total.earlier


def _kind_of(written: Written) -> str:
    about = written.part.sub_budget.governance_object
    return "" if about is None else about.kind


def _figures(written: Written) -> Compared:
    return Compared(written.part.sheet.amounts, written.part.earlier)


def _add_group(sheet: Sheet, label: str, parts: Sequence[Written]) -> int:
    """Add a group's sums over the rows that follow."""
    figures = sum_compared(_figures(written) for written in parts)
    row = sheet.row + 1
    sums = (_count_lines(parts), *map(sek, (*figures.amounts, figures.earlier)))
    formulas = [
        None if value is None else Formula(f"SUM({span(letter, row + 1, row + len(parts))})", value)
        for letter, value in zip("DEFGH", sums, strict=True)
    ]
    return sheet.add([label, None, None, *formulas, *compare(row, "E", "H", "I", figures)], Weight.GROUP)


def _count_lines(parts: Sequence[Written]) -> int:
    return sum(_line_count(written) for written in parts)


def _line_count(written: Written) -> int:
    return sum(len(product.lines) for product in written.part.sheet.products)


def _add_part(sheet: Sheet, written: Written, contents: Contents, *, level: int) -> int:
    part, row = written.part, sheet.row + 1
    about = part.sub_budget.governance_object
    values = zip(YEARS, part.sheet.amounts, strict=True)
    earlier: Value = sek(part.earlier)
    if part.earlier is not None and not contents.is_earlier_printed:
        earlier = Formula(written.sheet.ref(EARLIER, written.total), sek(part.earlier))
    return sheet.add(
        [
            name_of(part.sub_budget),
            about.get_kind_display() if about else _("base grant"),
            part.sub_budget.get_state_display(),
            _line_count(written),
            *(Formula(written.sheet.ref(letter, written.total), sek(ore)) for letter, ore in values),
            earlier,
            *compare(row, "E", "H", "I", _figures(written)),
        ],
        level=level,
    )


def write_result(sheet: Sheet, overview: Sheet, total: int, parts: Sequence[Written], contents: Contents) -> None:
    """The income statement (rule 3), from the overview's total and the sums of each cost kind below it."""
    head = sheet.start_table()
    # The statement, the margin and the sources, then an empty row, a title and headings.
    first_kind = head + len(RESULT) + 6
    # Income stands below the total, which it is no part of.
    kinds = {CostKind(kind): first_kind + place for place, (kind, _label) in enumerate(COST_KINDS)}
    totals = {kind: sum_amounts(written.by_kind[kind] for written in parts) for kind in CostKind}
    figures, before = contents.result, contents.result_before
    rows = {code: head + 1 + place for place, code in enumerate(RESULT)}
    weights = {"": Weight.PLAIN, "sub": Weight.SUM, "total": Weight.TOTAL}
    for code, label in RESULT.items():
        was = None if before is None else before.get(code)
        compared = Compared(figures[code], was)
        texts = (_statement(code, place, rows, kinds, overview.ref("EFG"[place], total)) for place in range(3))
        values = [Formula(text, sek(ore)) for text, ore in zip(texts, figures[code], strict=True)]
        change, share = compare(rows[code], "B", "E", "F", compared)
        is_result = code in ("operating_result", "net_result")
        sheet.add([label, *values, sek(was), change, None if is_result else share], weights[STYLES.get(code, "")])
    _add_margin(sheet, rows, figures)
    sources = contents.sources[Forecast.Kind.RESULT].sources_of("net_result", contents.budget)
    sheet.add([_("Weakest source"), *map(source_of, sources)])
    sheet.start_table([Column(_("Cost kind"), 0), *year_columns(contents.budget)], title=_("Sub-budgets by cost kind"))
    named = [(label, CostKind(kind)) for kind, label in COST_KINDS]
    for label, kind in named:
        if not is_income(kind):
            sheet.add([label, *_gather(parts, kind, totals[kind])])
    last = sheet.row
    whole = sum_amounts(counted(kind, amounts) for kind, amounts in totals.items())
    sums = zip("BCD", whole, strict=True)
    sheet.add(
        [_("Total"), *(Formula(f"SUM({letter}{first_kind}:{letter}{last})", sek(ore)) for letter, ore in sums)],
        Weight.TOTAL,
    )
    for label, kind in named:
        if is_income(kind):
            sheet.add([label, *_gather(parts, kind, totals[kind])])


def _statement(code: str, place: int, rows: dict[str, int], kinds: dict[CostKind, int], revenue: str) -> str:
    """Return the formula of a row of the income statement in one of the three years."""
    letter = "BCD"[place]

    def of(*codes: str) -> str:
        return f"ROUND({add_up([f'{letter}{rows[code]}' for code in codes])},2)"

    formulas = {
        "operating_revenue": revenue,
        "operating_costs": "-" + add_up([f"{letter}{row}" for kind, row in kinds.items() if kind in OPERATING]),
        "depreciation": f"-{letter}{kinds[CostKind.DEPRECIATION]}",
        "operating_result": of("operating_revenue", "operating_costs", "depreciation"),
        "financial_costs": f"-{letter}{kinds[CostKind.INTEREST]}",
        "net_result": of("operating_result", "financial_costs"),
    }
    return formulas[code]


def _add_margin(sheet: Sheet, rows: dict[str, int], figures: dict[str, Amounts]) -> None:
    revenue, net = rows["operating_revenue"], rows["net_result"]
    cells = []
    for letter, whole, part in zip("BCD", figures["operating_revenue"], figures["net_result"], strict=True):
        share = round(Decimal(part) / whole, 15) if whole else None
        text = f'IF({letter}{revenue}=0,"",{letter}{net}/{letter}{revenue})'
        cells.append(Cell(Formula(text, share), Form.PERCENT))
    sheet.add([_("Net result in per cent of revenue"), *cells])


def _gather(parts: Sequence[Written], kind: CostKind, amounts: Amounts) -> Iterable[Value]:
    """Return the sum of a cost kind over the sheets of all sub-budgets."""
    for letter, ore in zip(YEARS, amounts, strict=True):
        references = [written.sheet.ref(letter, written.kinds[kind]) for written in parts]
        yield Formula(add_up(references), sek(ore)) if references else sek(ore)


def write_revenue(sheet: Sheet, overview: Sheet, total: int, parts: Sequence[Written], contents: Contents) -> None:
    """Revenue by category with its products, from the sub-budgets' sheets, and a check against the overview."""
    sheet.start_table()
    before, rows = contents.revenue_before, []
    for category in RevenueCategory:
        own = [
            (written, row)
            for written in parts
            for row in written.part.sheet.products
            if row.product.category == category
        ]
        was = None if before is None else before.get(category.value, 0)
        if own or was:
            amounts = sum_amounts(row.amounts for _written, row in own)
            rows.append(_add_category(sheet, str(category.label), Compared(amounts, was), len(own)))
        for written, row in own:
            values = zip(YEARS, row.amounts, strict=True)
            place = written.products[row.product.pk]
            references = [Formula(written.sheet.ref(letter, place), sek(ore)) for letter, ore in values]
            name = name_of(written.part.sub_budget)
            source = source_of(row.product.provenance)
            sheet.add([row.product.name, name, *references, *[None] * 3, source], level=1)
    figures = Compared(
        sum_amounts(written.part.sheet.amounts for written in parts), None if before is None else sum(before.values())
    )
    _add_revenue_total(sheet, rows, figures, [overview.ref(letter, total) for letter in "EFG"])


def _add_category(sheet: Sheet, label: str, figures: Compared, count: int) -> int:
    row = sheet.row + 1
    sums = [
        Formula(f"SUM({letter}{row + 1}:{letter}{row + count})", sek(ore)) if count else sek(ore)
        for letter, ore in zip("CDE", figures.amounts, strict=True)
    ]
    return sheet.add([label, None, *sums, sek(figures.earlier), *compare(row, "C", "F", "G", figures)], Weight.GROUP)


def _add_revenue_total(sheet: Sheet, rows: Sequence[int], figures: Compared, overview: Sequence[str]) -> None:
    row = sheet.row + 1
    earlier = None if figures.earlier is None else add_rows("F", rows, figures.earlier)
    sheet.add(
        [
            _("Operating revenue"),
            None,
            *(add_rows(letter, rows, ore) for letter, ore in zip("CDE", figures.amounts, strict=True)),
            earlier,
            *compare(row, "C", "F", "G", figures),
        ],
        Weight.TOTAL,
    )
    checks = [Formula(f"ROUND({letter}{row}-{cell},2)", 0) for letter, cell in zip("CDE", overview, strict=True)]
    sheet.add([Cell(pgettext("in a workbook", "Check: less the sub-budgets' total"), Form.MUTED), None, *checks])
