"""The time of reading, checking and saving a long file of cost lines, and how much more memory it takes than a short one."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice

from openpyxl import Workbook

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, seconds_of
from budgets.models import BudgetProduct
from records.import_kinds import kind_of
from records.models import Import
from records.services.imports.checking import check_import
from records.services.imports.saving import save_import, start_import, undo_import

BUDGET, KIND = "budget-2027", "lines"
HEAD = ("Delbudget", "Produkt", "Kostnadsslag", "Text", "2027", "2028", "2029", "Anteckning")


def measure(sizes: Sizes) -> list[Figure]:
    """A tenth of the rows first, which also warms up; then all of them, as Excel and as CSV, which are undone."""
    servers.use(servers.with_demo())
    user, count = User.objects.get(email="ekonom@demo.example"), sizes.copied
    _import(_write_excel(count // 10), "short.xlsx", user)
    short = _peak()
    excel = _import(_write_excel(count), "long.xlsx", user)
    grown = _peak() - short
    text = _import(_write_text(count), "long.csv", user)
    return [
        Figure(f"Import of {count} lines from Excel", sum(excel.values()), "s", 20, in_ms(excel)),
        Figure(f"Import of {count} lines from CSV", sum(text.values()), "s", 20, in_ms(text)),
        Figure("Memory of ten times the rows, more than of the rows", grown, "MiB", 60),
    ]


def _import(content: bytes, name: str, user: User) -> dict[str, float]:
    row = start_import(content, name=name, kind=kind_of(KIND), source=name, period=BUDGET, by=user)
    del content
    taken = {"check": seconds_of(lambda: check_import(row, by=user))}
    assert not row.bad, row.faults
    taken["save"] = seconds_of(lambda: save_import(row, by=user, version=row.version))
    assert Import.objects.get(pk=row.pk).status == Import.Status.SAVED
    undo_import(row, by=user)
    return taken


def _rows(count: int) -> Iterator[tuple[str | int, ...]]:
    products = BudgetProduct.objects.filter(budget__slug=BUDGET).select_related("sub_budget")
    places = [(product.sub_budget.name_sv, product.name) for product in products]
    for number, (sub_budget, product) in enumerate(islice(cycle(places), count)):
        yield sub_budget, product, "Direkt kostnad", f"Rad {number}", number, number + 1, number + 2, ""


def _write_excel(count: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rader")
    sheet.append(HEAD)
    for row in _rows(count):
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_text(count: int) -> bytes:
    lines = [HEAD, *_rows(count)]
    return "\n".join(";".join(str(cell) for cell in row) for row in lines).encode()


def _peak() -> float:
    """The most memory that the process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
