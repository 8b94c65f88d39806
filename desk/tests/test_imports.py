"""Imports: upload, review, save and undo, by the pages that people use."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from budgets.models import AllocationKey, BudgetProduct, CostLine, PublishedFigure
from objects.models import Inhabitants
from records.models import Import, ImportRow
from tests.cast import (
    ADMINISTRATOR,
    ADOPTED,
    DRAFT,
    ECONOMIST,
    OWN,
    OWNER,
    PEOPLE,
    client_of,
    get_line,
    put_sub_budget,
)

pytestmark = pytest.mark.django_db
NAMES = ("Boxholm", "Vimmerby", "Ydre")


def make_excel(*rows: tuple[object, ...]) -> bytes:
    """An Excel file with one sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client: Client, kind: str, period: str, content: bytes, name: str = "fil.xlsx", source: str = "SCB") -> Any:
    """What the page answers to a file."""
    file = SimpleUploadedFile(name, content)
    given = {"source": source, "period": period, "file": file}
    return client.post(f"/imports/new/{kind}/", given)


def read_in(kind: str, period: str, content: bytes, name: str = "fil.xlsx", source: str = "SCB") -> Import:
    """The import that the economist began with a file."""
    client = client_of(ECONOMIST, "en")
    response = upload(client, kind, period, content, name, source)
    assert response.status_code == 302, response.content.decode()
    return Import.objects.get(uuid=response["Location"].split("/")[2])


def save(row: Import, version: int | None = None) -> Any:
    """Press the button."""
    version = row.version if version is None else version
    return client_of(ECONOMIST, "en").post(f"/imports/{row.uuid}/save/", {"version": version}, follow=True)


def count_of(name: str, day: date) -> int | None:
    return Inhabitants.objects.filter(municipality__name=name, counted_on=day).values_list("count", flat=True).first()


INHABITANTS = (("Kommun", "Antal invånare"), ("Boxholm", 5400), ("Vimmerby", 15500), ("Ydre", 3700))
DAY = date(2024, 12, 31)


def test_inhabitants_are_read_in_saved_and_undone() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    assert (row.faults, row.mapping) == ([], ["municipality", "count"])
    assert row.counts == {"new": 3, "rows": 3}
    assert count_of("Ydre", DAY) is None
    page = client_of(ECONOMIST, "en").get(f"/imports/{row.uuid}/")
    assert page.status_code == 200
    answer = save(row)
    assert "is saved" in answer.content.decode()
    assert [count_of(name, DAY) for name in NAMES] == [5400, 15500, 3700]
    client_of(ECONOMIST, "en").post(f"/imports/{row.uuid}/undo/")
    assert [count_of(name, DAY) for name in NAMES] == [None, None, None]


def test_csv_of_windows_with_semicolons_says_the_same_as_an_excel_file() -> None:
    text = "Kommun;Folkmängd;Datum\r\nÖdeshög;5 200;2024-12-31\r\nYdre;3700;20241231\r\n"
    row = read_in("inhabitants", "2024", text.encode("cp1252"), "invånare.csv")
    assert (row.faults, row.counts) == ([], {"new": 2, "rows": 2})
    save(row)
    assert count_of("Ödeshög", DAY) == 5200


def test_rows_pasted_from_excel_are_read_in() -> None:
    given = {"source": "SCB", "period": "2024", "text": "Kommun\tAntal\nBoxholm\t5 400\n"}
    response = client_of(ECONOMIST).post("/imports/new/inhabitants/", given)
    row = Import.objects.get(uuid=response["Location"].split("/")[2])
    assert row.counts == {"new": 1, "rows": 1}


def errors_of(row: Import) -> list[tuple[int | None, int, str]]:
    """Row number, column and the first word of what is wrong."""
    found = row.rows.filter(status="bad").order_by("number").values_list("number", "errors")
    return [(number, place, text) for number, errors in found for place, text in errors]


def test_all_errors_are_told_at_once_by_row_and_column_and_nothing_is_saved() -> None:
    rows = [
        ("Kommun", "Antal", "Datum"),
        ("Boxholm", "1.050", None),
        ("Kindaa", 10, "igår"),
        ("Ydre", -1, "1850-01-01"),
    ]
    row = read_in("inhabitants", "2024", make_excel(*rows))
    assert [(number, place) for number, place, _text in errors_of(row)] == [(2, 1), (3, 2), (3, 0), (4, 1), (4, 2)]
    assert "1\u202f050" in errors_of(row)[0][2]
    page = client_of(ECONOMIST, "en").get(f"/imports/{row.uuid}/").content.decode()
    for anchor in ("row-2-2", "row-3-1", "row-3-3", "row-4-2"):
        assert f'href="#{anchor}"' in page and f'id="{anchor}"' in page
    assert "is saved whole or not at all" in save(row).content.decode()
    assert count_of("Ydre", DAY) is None


def test_same_row_twice_is_told_of() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS, ("Ydre kommun", 3701)))
    assert [(number, place) for number, place, _text in errors_of(row)] == [(5, -1)]


def test_import_replaces_what_the_same_source_said_and_leaves_what_others_said() -> None:
    save(read_in("inhabitants", "2024", make_excel(*INHABITANTS)))
    save(read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), ("Kinda", 9900)), source="Kommunen"))
    second = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), ("Boxholm", 5401), ("Vimmerby", 15500)))
    assert second.counts == {"changed": 1, "same": 1, "gone": 1, "rows": 2}
    save(second)
    assert [count_of(name, DAY) for name in ("Boxholm", "Vimmerby", "Ydre", "Kinda")] == [5401, 15500, None, 9900]
    client_of(ECONOMIST).post(f"/imports/{second.uuid}/undo/")
    assert [count_of(name, DAY) for name in ("Boxholm", "Vimmerby", "Ydre", "Kinda")] == [5400, 15500, 3700, 9900]


def test_import_is_not_undone_under_a_later_change_or_import() -> None:
    first = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    save(first)
    Inhabitants.objects.filter(counted_on=DAY, count=3700).update(count=3701)
    client = client_of(ECONOMIST, "en")
    assert "changed since: row 4" in client.get(f"/imports/{first.uuid}/undo/").content.decode()
    assert client.post(f"/imports/{first.uuid}/undo/").status_code == 422
    second = read_in("inhabitants", "2024", make_excel(*INHABITANTS), name="andra.xlsx")
    save(second)
    assert "andra.xlsx" in client.get(f"/imports/{first.uuid}/undo/").content.decode()
    assert count_of("Ydre", DAY) == 3700


def test_what_has_changed_since_the_preview_is_shown_again_before_it_is_saved() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    other = read_in("inhabitants", "2024", make_excel(("Kommun", "Antal"), ("Ydre", 1)), source="Annan")
    save(other)
    assert "has changed since" in save(row).content.decode()
    assert count_of("Ydre", DAY) == 1
    row.refresh_from_db()
    assert row.counts == {"new": 2, "changed": 1, "rows": 3}
    save(row)
    assert count_of("Ydre", DAY) == 3700


def test_rows_read_anew_meanwhile_are_not_saved_unseen() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    assert "read again" in save(row, row.version - 1).content.decode()
    assert count_of("Ydre", DAY) is None


def test_same_file_again_is_said() -> None:
    content = make_excel(*INHABITANTS)
    save(read_in("inhabitants", "2024", content))
    again = read_in("inhabitants", "2024", content)
    assert again.counts == {"same": 3, "rows": 3}
    assert "same file" in client_of(ECONOMIST, "en").get(f"/imports/{again.uuid}/").content.decode()


def test_count_that_an_adopted_budget_is_divided_by_is_not_undone() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    save(row)
    key = AllocationKey.objects.filter(budget__slug=DRAFT).exclude(basis="inhabitants").earliest("pk")
    AllocationKey.objects.filter(pk=key.pk).update(basis="inhabitants", counted_on=DAY)
    with patch.object(
        AllocationKey.objects, "filter", lambda **given: AllocationKey.objects.all().filter(counted_on=DAY)
    ):
        page = client_of(ECONOMIST, "en").get(f"/imports/{row.uuid}/undo/").content.decode()
    assert "is divided by the inhabitants of 2024-12-31" in page


def test_lines_are_read_into_a_draft_by_the_rule_of_a_line_and_undone() -> None:
    product = get_line().budget_product
    before = CostLine.objects.filter(budget__slug=DRAFT).count()
    rows = [
        ("Delbudget", "Produkt", "Kostnadsslag", "Text", "2027", "2028", "2029", "Antal", "Pris"),
        ("Socialtjänst", product.name, "Direkt kostnad", "Licens A", "1 000", 2000, 3000, None, None),
        (None, product.name, "direct_cost", "Licens B", None, None, None, 3, "10,50"),
        (None, product.name, "direct_cost", "Licens B", 5, None, None, None, None),
    ]
    row = read_in("lines", DRAFT, make_excel(*rows), source="Leverantör")
    assert errors_of(row) == []
    assert row.counts == {"new": 3, "rows": 3}
    save(row)
    made = CostLine.objects.filter(budget_product=product, text__startswith="Licens").order_by("pk")
    assert [line.amount_1_ore for line in made] == [100_000, 3150, 500]
    assert {line.provenance for line in made} == {"imported"}
    assert made[1].quantity == 3
    address = f"/budgets/{DRAFT}/sub-budgets/{OWN}/lines/{made[1].lineage}/"
    assert f"/imports/{row.uuid}/" in client_of(ECONOMIST).get(address).content.decode()
    seen_by_owner = client_of("objektagare").get(address).content.decode()
    assert "fil.xlsx" in seen_by_owner and f"/imports/{row.uuid}/" not in seen_by_owner
    client_of(ECONOMIST).post(f"/imports/{row.uuid}/undo/")
    assert CostLine.objects.filter(budget__slug=DRAFT).count() == before


def test_line_into_a_locked_sub_budget_or_an_unknown_product_is_refused() -> None:
    product = get_line().budget_product
    put_sub_budget("locked")
    rows = [
        ("Produkt", "Slag", "Text", "2027"),
        (product.name, "Direkt kostnad", "A", 1),
        ("Okänd sak", "Direkt kostnad", "B", 1),
        (product.name, "Påhitt", "C", "x"),
    ]
    row = read_in("lines", DRAFT, make_excel(*rows))
    assert [(number, place) for number, place, _text in errors_of(row)] == [(2, 0), (3, 0), (4, 1), (4, 3), (4, 0)]


def test_sub_budget_locked_after_the_preview_takes_no_lines() -> None:
    product = get_line().budget_product
    row = read_in(
        "lines", DRAFT, make_excel(("Produkt", "Slag", "Text", "2027"), (product.name, "Direkt kostnad", "A", 1))
    )
    put_sub_budget("locked")
    assert "locked" in save(row).content.decode()
    assert not CostLine.objects.filter(budget_product=product, text="A").exists()


def test_adopted_budget_is_not_offered_for_lines_or_products() -> None:
    for kind in ("lines", "products"):
        response = upload(client_of(ECONOMIST), kind, ADOPTED, make_excel(("Produkt",), ("A",)))
        assert response.status_code == 422


def test_products_are_changed_and_added_and_undone() -> None:
    known = get_line().budget_product
    rows = [
        ("Produkt", "Delbudget", "Intäktskategori", "Moms"),
        (known.name, "Socialtjänst", "reinvoiced", 6),
        ("Alldeles ny", "Socialtjänst", "mandatory", None),
    ]
    row = read_in("products", DRAFT, make_excel(*rows), source="Ekonomi")
    assert errors_of(row) == []
    assert row.counts == {"new": 1, "changed": 1, "rows": 2}
    save(row)
    made = BudgetProduct.objects.get(budget__slug=DRAFT, name="Alldeles ny")
    assert (made.product.name, made.sub_budget.slug) == ("Alldeles ny", OWN)
    assert BudgetProduct.objects.get(pk=known.pk).category == "reinvoiced"
    line = {"text": "x", "cost_kind": "direct_cost", "amount_1_ore": 1, "amount_2_ore": 0, "amount_3_ore": 0}
    used = CostLine.objects.create(budget=made.budget, budget_product=made, **line)
    assert client_of(ECONOMIST).post(f"/imports/{row.uuid}/undo/").status_code == 422
    used.delete()
    client_of(ECONOMIST).post(f"/imports/{row.uuid}/undo/")
    assert not BudgetProduct.objects.filter(budget__slug=DRAFT, name="Alldeles ny").exists()
    assert BudgetProduct.objects.get(pk=known.pk).category == known.category


def test_figures_are_read_as_printed_with_x_for_what_is_not_known() -> None:
    text = "tabell,rad,kolumn,år,tkr\nny_tabell,A,budget_2027,budget:2027,1 234\nny_tabell,B,budget_2027,plan 2028,x\n"
    row = read_in("figures", DRAFT, text.encode(), "tryckt.csv", source="Dokumentet")
    assert errors_of(row) == []
    save(row)
    found = PublishedFigure.objects.filter(budget__slug=DRAFT, table="ny_tabell").order_by("row")
    assert [(figure.tkr, figure.is_unknown, figure.edition) for figure in found] == [
        (1234, False, "budget:2027"),
        (None, True, "plan:2028"),
    ]


@pytest.mark.parametrize("name", [name for name in PEOPLE if name not in (ECONOMIST, ADMINISTRATOR)])
def test_others_reach_no_page_of_an_import(name: str) -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    client = client_of(name)
    assert client.get("/imports/").status_code == 403
    assert client.get("/imports/new/inhabitants/").status_code in (403, 404)
    for part in ("", "undo/", "file/", "to-correct/"):
        assert client.get(f"/imports/{row.uuid}/{part}").status_code in (403, 404)
    for part in ("save/", "read/", "undo/", "discard/"):
        assert client.post(f"/imports/{row.uuid}/{part}").status_code in (403, 404)
    row.refresh_from_db()
    assert row.status == "review"


def test_administrator_reads_in_shared_facts_and_no_lines() -> None:
    client = client_of(ADMINISTRATOR)
    assert client.get("/imports/new/inhabitants/").status_code == 200
    assert client.get("/imports/new/lines/").status_code == 404
    row = read_in("lines", DRAFT, make_excel(("Produkt", "Slag", "Text", "2027"), ("A", "B", "C", 1)))
    assert client.get(f"/imports/{row.uuid}/").status_code == 404


def test_discarded_file_is_gone_with_its_rows() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    client_of(ECONOMIST).post(f"/imports/{row.uuid}/discard/")
    assert not Import.objects.exists() and not ImportRow.objects.exists()


def test_history_tells_who_saved_and_what_the_rows_were_before() -> None:
    row = read_in("inhabitants", "2024", make_excel(*INHABITANTS))
    save(row)
    made = Inhabitants.objects.get(municipality__name="Ydre", counted_on=DAY)
    event = apps.get_model("objects", "InhabitantsEvent")._default_manager.filter(pgh_obj=made.pk).latest("pgh_id")
    assert (event.pgh_context["by"], event.pgh_context["reason"]) == ("ekonom@demo.example", "save_import")
    assert made.provenance == "imported"


def test_list_of_imports_is_filtered() -> None:
    read_in("inhabitants", "2024", make_excel(*INHABITANTS), name="ett.xlsx")
    read_in("inhabitants", "2024", make_excel(*INHABITANTS), name="två.xlsx", source="Kommunen")
    page = client_of(ECONOMIST).get("/imports/", {"q": "kommunen"}).content.decode()
    assert "två.xlsx" in page and "ett.xlsx" not in page


@pytest.mark.parametrize(
    ("address", "kind"),
    [("lines", "lines"), ("reconciliation", "figures"), ("products", "products"), ("keys", "inhabitants")],
)
def test_a_page_leads_to_reading_in_what_it_shows_and_nobody_else_is_led_there(address: str, kind: str) -> None:
    url = f"/budgets/{DRAFT}/{address}/"
    way = f"/imports/new/{kind}/"
    page = client_of(ECONOMIST, "en").get(url).content.decode()
    assert way in page
    asked = page.partition(f'href="{way}')[2].partition('"')[0]
    assert client_of(ECONOMIST).get(f"{way}{asked}").status_code == 200
    assert way not in client_of(OWNER, "en").get(url).content.decode()
