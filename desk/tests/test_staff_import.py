"""Staff lists: read in by the economist, written as posts with who carries them, undone, and seen by nobody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from budgets.models import Budget, BudgetProduct
from desk.tests.test_imports import errors_of, make_excel, read_in, save, upload
from forecasts.services.roll_up import roll_up_calculated
from pricing.models import CalculationState, CostPool, Post, PostPart
from records.models import Import, ImportRow, StoredFile
from tests.cast import ADMINISTRATOR, ADOPTED, DRAFT, ECONOMIST, GRANT, PEOPLE, client_of, get_budget

pytestmark = pytest.mark.django_db
HEAD = ("Titel", "Sysselsättningsgrad", "Månadslön", "Från månad", "Till månad", "Enhet")
OTHERS = [name for name in PEOPLE if name != ECONOMIST]


def pool() -> CostPool:
    weighted = CostPool.objects.filter(budget__slug=DRAFT, weights__weight_1__gt=0)
    return weighted.earliest("position", "pk")


def list_staff(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> bytes:
    return make_excel(head, *rows)


def read_staff(*rows: tuple[object, ...], source: str = "Lönesystemet") -> Import:
    return read_in("staff", DRAFT, list_staff(*rows), "personal.xlsx", source)


def posts() -> list[tuple[str, Decimal, int, date | None, date | None]]:
    rows = Post.objects.filter(budget__slug=DRAFT, provenance="imported").order_by("pk")
    return list(rows.values_list("title", "employment_percent", "monthly_pay_ore", "from_on", "to_on"))


def parts() -> set[tuple[str, int | None, int | None, Decimal]]:
    rows = PostPart.objects.filter(post__budget__slug=DRAFT)
    return set(rows.values_list("post__title", "pool_id", "budget_product_id", "weight"))


def undo(row: Import) -> Any:
    return client_of(ECONOMIST, "en").post(f"/imports/{row.uuid}/undo/")


def test_staff_list_becomes_posts_with_carriers_and_the_calculation_follows_and_is_undone() -> None:
    team, grant = pool(), BudgetProduct.objects.filter(budget__slug=DRAFT, sub_budget__slug=GRANT).earliest("pk")
    before, held = parts(), CalculationState.objects.get(budget__slug=DRAFT).changed
    row = read_staff(
        ("Nätspecialist", 80, "41 500", 3, 9, team.name_sv), ("Direktör", 100, 90000, None, None, grant.name)
    )
    assert (errors_of(row), row.faults, row.counts) == ([], [], {"new": 2, "rows": 2})
    assert posts() == []
    save(row)
    assert posts() == [
        ("Nätspecialist", Decimal(80), 41_500_00, date(2027, 3, 1), date(2027, 9, 30)),
        ("Direktör", Decimal(100), 90_000_00, None, None),
    ]
    assert parts() - before == {("Nätspecialist", team.pk, None, Decimal(1)), ("Direktör", None, grant.pk, Decimal(1))}
    assert CalculationState.objects.get(budget__slug=DRAFT).changed > held
    roll_up_calculated(get_budget().pk)
    assert CalculationState.objects.get(budget__slug=DRAFT).problems == []
    undo(row)
    assert (posts(), parts()) == ([], before)


def test_list_of_the_same_source_replaces_what_it_said_and_undoing_brings_carriers_back() -> None:
    team = pool()
    save(read_staff(("A", 100, 40000, None, None, team.slug), ("B", 100, 41000, None, None, team.slug)))
    save(read_staff(("C", 100, 42000, None, None, team.slug), source="Annan"))
    gone = Post.objects.get(budget__slug=DRAFT, title="B")
    PostPart.objects.filter(post=gone).update(weight=3)
    held = parts()
    second = read_staff(("A", 90, 40000, None, None, team.slug))
    assert second.counts == {"changed": 1, "gone": 1, "rows": 1}
    save(second)
    assert [title for title, *_rest in posts()] == ["A", "C"]
    undo(second)
    assert [title for title, *_rest in posts()] == ["A", "B", "C"]
    assert parts() == held


@pytest.mark.parametrize("unused", [(), ("hashjoin",), ("mergejoin",), ("hashjoin", "mergejoin"), ("seqscan",)])
def test_new_rows_are_numbered_as_the_file_has_them_whatever_the_planner_chooses(unused: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for way in unused:
            cursor.execute(f"SET LOCAL enable_{way} = off")
    titles = ["Ö", "C", "A", "D", "B", "Å", "E"]
    save(read_staff(*((title, 100, 40000, None, None, pool().slug) for title in titles)))
    assert [title for title, *_rest in posts()] == titles


def test_post_that_was_split_since_stops_the_undoing() -> None:
    row = read_staff(("A", 100, 40000, None, None, pool().slug))
    save(row)
    other = CostPool.objects.filter(budget__slug=DRAFT).exclude(pk=pool().pk).earliest("pk")
    PostPart.objects.create(post=Post.objects.get(budget__slug=DRAFT, title="A"), pool=other, weight=1)
    assert undo(row).status_code == 422
    assert [title for title, *_rest in posts()] == ["A"]


def test_post_twice_is_told_of_and_colleagues_with_other_pay_are_not() -> None:
    team = pool().slug
    twice = ("Tekniker", 100, 38000, None, None, team)
    row = read_staff(twice, ("Tekniker", 100, 39000, None, None, team), twice)
    assert [(number, place) for number, place, _text in errors_of(row)] == [(4, -1)]
    assert "row 2" in errors_of(row)[0][2]


def test_all_errors_of_a_staff_list_are_told_by_row_and_field() -> None:
    row = read_staff(
        ("", 0, "38.500", 13, None, pool().slug), ("A", 100, 1, 9, 3, "Okänd enhet"), ("B", 100, 1, None, None, None)
    )
    assert sorted((number, place) for number, place, _text in errors_of(row)) == [
        (2, 0), (2, 1), (2, 2), (2, 3), (3, 4), (3, 5), (4, 5),
    ]  # fmt: skip
    save(row)
    assert posts() == []


@pytest.mark.parametrize(
    "content",
    [
        list_staff(("Tekniker", 100, 38000, None, None, "850101-1236")),
        list_staff(("Systemtekniker Anna Svensson", 100, 38000, None, None, "x")),
        list_staff(("Tekniker", 100, 38000, None, None, "x", "Anna Ek"), head=(*HEAD, "Namn")),
        list_staff(("Tekniker", 100, 38000, None, None, "x", 8112189876), head=(*HEAD, "Övrigt")),
        "Titel;Lön;Förnamn\nTekniker;38000;Anna\n".encode(),
        "Lista över personal\n\nTitel;Lön;Personnr\nTekniker;38000;okänt\n".encode("cp1252"),
    ],
)
def test_file_about_people_is_refused_and_nothing_of_it_is_kept(content: bytes) -> None:
    files = StoredFile.objects.count()
    answer = upload(client_of(ECONOMIST, "en"), "staff", DRAFT, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing of the file is kept" in page and "column" in page
    assert not {name for name in ("Anna", "850101", "8112189876") if name in page}
    assert (StoredFile.objects.count(), Import.objects.count(), ImportRow.objects.count()) == (files, 0, 0)


def test_personal_number_in_a_hidden_sheet_is_found() -> None:
    from io import BytesIO  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(BytesIO(list_staff(("Tekniker", 100, 38000, None, None, pool().slug))))
    hidden = book.create_sheet("Gömt")
    hidden.append(("850101-1236",))
    hidden.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    answer = upload(client_of(ECONOMIST, "en"), "staff", DRAFT, stream.getvalue())
    assert answer.status_code == 422 and "Gömt" in answer.content.decode()


@pytest.mark.parametrize("name", OTHERS)
def test_no_pay_of_a_staff_list_reaches_others(name: str) -> None:
    row = read_staff(("Nätspecialist", 80, 41567, None, None, pool().slug))
    save(row)
    client = client_of(name)
    for part in ("", "undo/", "file/", "to-correct/"):
        assert client.get(f"/imports/{row.uuid}/{part}").status_code in (403, 404)
    for part in ("save/", "read/", "undo/", "discard/"):
        assert client.post(f"/imports/{row.uuid}/{part}").status_code in (403, 404)
    assert client.get("/imports/new/staff/").status_code in (403, 404)
    assert client.get(f"/files/{row.file.uuid}/").status_code == 404
    pages = [
        "/imports/", "/history/", f"/budgets/{DRAFT}/history/", "/files/", "/jobs/", f"/search/?q={row.file_name}", "/search/?q=Nätspecialist",
        f"/budgets/{DRAFT}/posts/", f"/budgets/{DRAFT}/pools/",
    ]  # fmt: skip
    for address in pages:
        said = client.get(address, follow=True).content.decode().replace("\u202f", "").replace("\xa0", "")
        assert "41567" not in said, address
        assert address == "/imports/" or "Nätspecialist" not in said.split("<main")[-1] or "q=" in address, address


def test_administrator_is_not_offered_staff_lists_and_sees_none_in_the_list_of_imports() -> None:
    row = read_staff(("Nätspecialist", 80, 41567, None, None, pool().slug))
    page = client_of(ADMINISTRATOR).get("/imports/").content.decode()
    assert row.file_name not in page and "/imports/new/staff/" not in page
    assert "/imports/new/staff/" in client_of(ECONOMIST).get("/imports/").content.decode()


def test_budget_that_is_proposed_or_adopted_takes_no_staff_list() -> None:
    content = list_staff(("A", 100, 1, None, None, pool().slug))
    assert upload(client_of(ECONOMIST), "staff", ADOPTED, content).status_code == 422
    row = read_staff(("A", 100, 1, None, None, pool().slug))
    Budget.objects.filter(slug=DRAFT).update(phase=Budget.Phase.PROPOSED)
    assert upload(client_of(ECONOMIST), "staff", DRAFT, content).status_code == 422
    assert "proposed or adopted" in save(row).content.decode()
    assert posts() == []
