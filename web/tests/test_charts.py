"""Charts are images that are whole alone, that the content policy lets through and the style sheet recolours."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings as site
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from web.charts import (
    NARROW,
    WHOLE,
    WIDE,
    Bar,
    Chart,
    Colour,
    ColumnPlot,
    Limit,
    Line,
    Place,
    Plot,
    Row,
    RowPlot,
    Size,
    Table,
    TableCell,
    compare,
    stack_bars,
)
from web.charts.letters import measure
from web.charts.shapes import Text

LONG = "Informationssäkerhet och dataskydd/krisberedskap i samverkan"
MONTHS = [None, *range(60_000, 84_000, 1_000)]


def list_row_plots() -> dict[str, Plot]:
    """One of each kind of chart with bars that lie, as each would be declared."""
    return {
        "compared": RowPlot(
            [
                Place(LONG, "1\u202f990", compare(199_000, 193_800)),
                Place("Nät <&> 'kabel'", "\u22125", compare(-5, None)),
            ]
        ),
        "waterfall": RowPlot(
            [
                Place("Resultat 2026", "\u22123", [Bar(0, -3, Colour.INK)]),
                Place("Kostnader", "+7", [Bar(-3, 4, Colour.SECOND)]),
            ]
        ),
        "stacked": RowPlot([Place("Nät", "12\u202f711", stack_bars([(8_111, Colour.FIRST), (4_600, Colour.PALE)]))]),
    }


def list_column_plots() -> dict[str, Plot]:
    """The same of charts over years."""
    return {
        "debt": ColumnPlot(
            [
                Place("2027", "77", [Bar(-9, 9, Colour.LINE, WHOLE), Bar(0, 77, edge=Colour.FIRST)], "budget"),
                Place("2028", "ej känt", kind="plan"),
            ],
            [Limit("Gällande ram 80", 80, [0]), Limit("Föreslagen ram 82", 82, [0, 1], is_proposed=True)],
        ),
        "slope": ColumnPlot(
            [Place("2026"), Place("2027")],
            lines=[
                Line([2_970, 3_184], "2\u202f970", "Ödeshög 3\u202f184", Colour.SECOND),
                Line([2_970, 3_180], "2\u202f970", "Boxholm 3\u202f180"),
            ],
            from_zero=False,
        ),
        "months": ColumnPlot(
            [Place({0: "dec 2025", 12: "dec 2026", 24: "dec 2027"}.get(month, "")) for month in range(25)],
            [Limit("Gällande ram 80\u202f000", 80_000, range(25))],
            [Line(MONTHS, last="83\u202f000", is_dashed=True, has_dots=False)],
            say_tick=str,
        ),
    }


KINDS = list_row_plots() | list_column_plots()
NAMES_OF = {colour.light: colour.css for colour in Colour}


def draw(plot: Plot, size: Size = WIDE) -> str:
    return Chart("nyckel", "Nät <ökar>", "tkr", plot).draw(size)


def list_tags(plot: Plot, tag: str, size: Size = WIDE) -> list[ElementTree.Element]:
    image = ElementTree.fromstring(draw(plot, size))
    return list(image.iter(f"{{http://www.w3.org/2000/svg}}{tag}"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.css)
def test_drawing_is_whole_alone_and_has_nothing_that_the_content_policy_would_refuse(kind: str, size: Size) -> None:
    drawing = draw(KINDS[kind], size)
    assert ElementTree.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.search(r"style|<script|<image|<use|\son\w+=|href|url\(|None|nan", drawing)


@pytest.mark.parametrize("kind", KINDS)
def test_drawing_is_an_image_with_a_name_and_a_description_at_two_widths(kind: str) -> None:
    drawings = Chart(kind, "Nät <ökar>", "tkr", KINDS[kind]).draw_for_page()
    images = [ElementTree.fromstring(drawing) for drawing in drawings]
    assert [image.get("class") for image in images] == ["wide", "narrow"]
    for image in images:
        title, told = image[0], image[1]
        assert image.get("role") == "img"
        assert (image.get("aria-labelledby"), image.get("aria-describedby")) == (title.get("id"), told.get("id"))
        assert title.text == "Nät <ökar>"
        assert told.text == KINDS[kind].tell()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("waterfall", "Resultat 2026 \u22123; Kostnader +7"),
        ("debt", "2027 (budget) 77; 2028 (plan) ej känt; Gällande ram 80; Föreslagen ram 82"),
        ("slope", "2026; 2027; 2\u202f970, Ödeshög 3\u202f184; 2\u202f970, Boxholm 3\u202f180"),
    ],
)
def test_description_says_what_the_picture_shows(kind: str, told: str) -> None:
    assert KINDS[kind].tell() == told


@pytest.mark.parametrize("kind", KINDS)
def test_every_painted_part_has_the_class_of_its_colour(kind: str) -> None:
    for tag in re.findall(r"<(?:text|rect|polyline|circle)[^>]*>", draw(KINDS[kind])):
        painted = {f"{how}-{NAMES_OF[value]}" for how, value in re.findall(r'\s(fill|stroke)="(#\w+)"', tag)}
        named = re.search(r'class="([^"]+)"', tag)
        assert named
        assert set(named[1].split()) == painted


def test_style_sheet_recolours_the_whole_palette() -> None:
    sheet = (Path(site.BASE_DIR) / "static" / "itsam.css").read_text(encoding="utf-8")
    for colour in Colour:
        assert f".chart .fill-{colour.css} {{ fill: var(--" in sheet
        assert f".chart .stroke-{colour.css} {{ stroke: var(--" in sheet


def boxes_of(plot: Plot, size: Size) -> tuple[float, list[tuple[str, float, float, float, float]]]:
    """The height of the image, and each text with its left, right, upper and lower edge."""
    drawing = plot.draw(size)
    boxes = []
    for text in (shape for shape in drawing.shapes if isinstance(shape, Text)):
        width = measure(text.text, text.font)
        left = text.x - width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
        boxes.append((text.text, left, left + width, text.y - text.font / 2, text.y + text.font / 2))
    return drawing.height, boxes


def check_texts(plot: Plot, size: Size) -> None:
    height, boxes = boxes_of(plot, size)
    for text, left, right, top, bottom in boxes:
        assert left >= -0.01, text
        assert right <= size.width + 0.01, text
        assert top >= 0, text
        assert bottom <= height, text
    for (one, left, right, top, bottom), (other, *edges) in combinations(boxes, 2):
        beside = right <= edges[0] + 0.01 or edges[1] <= left + 0.01
        assert beside or bottom <= edges[2] + 0.01 or edges[3] <= top + 0.01, (one, other)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.css)
def test_texts_are_inside_their_image_and_none_is_over_another(kind: str, size: Size) -> None:
    check_texts(KINDS[kind], size)


PARTS = ["Informationssäkerhet", "och", "upphandling/inköp", "Å", "IT-", "MWÖ%", "Hyperventilationskalkyleringsprogram"]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(" ".join)
TKR = st.integers(-(10**7), 10**7)


@given(st.lists(st.tuples(NAMES, TKR, TKR), min_size=1, max_size=5), st.sampled_from([WIDE, NARROW]))
def test_long_names_and_large_amounts_never_overlap_in_rows(rows: list[tuple[str, int, int]], size: Size) -> None:
    check_texts(RowPlot([Place(name, f"{now:,}", compare(now, earlier)) for name, now, earlier in rows]), size)


@given(st.lists(TKR, min_size=1, max_size=7), st.lists(st.integers(1, 10**7), max_size=4))
def test_years_and_their_limits_never_overlap_in_columns(amounts: list[int], limits: list[int]) -> None:
    places = [Place("2027", f"{amount:,}", [Bar(0, amount)], "forecast") for amount in amounts]
    lines = [Limit(f"Föreslagen ram {limit:,}", limit, range(len(amounts))) for limit in limits]
    check_texts(ColumnPlot(places, lines), NARROW)


def test_labels_and_amounts_are_whole_and_escaped() -> None:
    texts = ["".join(text.itertext()) for text in list_tags(KINDS["compared"], "text", NARROW)]
    assert " ".join(texts).replace(" ", "").count("dataskydd/") == 1
    assert {"1\u202f990", "\u22125", "Nät <&> 'kabel'"} <= set(texts)


def test_steps_start_where_the_one_before_ends() -> None:
    first, second = list_tags(KINDS["waterfall"], "rect")
    assert first.get("x") == second.get("x")


def test_year_that_is_not_known_has_words_but_no_column() -> None:
    assert "ej känt" in draw(KINDS["debt"])
    assert len(list_tags(KINDS["debt"], "rect")) == 2


def test_line_breaks_where_its_framework_is_not_in_force() -> None:
    places = [Place(str(year), "5", [Bar(0, 5)]) for year in range(4)]
    lines = list_tags(ColumnPlot(places, [Limit("Ram", 8, [0, 1, 3])]), "polyline")
    runs = [line.get("points", "") for line in lines if line.get("stroke-width") == "1.5"]
    assert [[point.split(",")[0] for point in run.split()] for run in runs] == [["0.0", "230.0"], ["345.0", "460.0"]]


def test_line_of_amounts_breaks_where_one_is_not_known() -> None:
    plot = ColumnPlot([Place(str(year)) for year in range(5)], lines=[Line([1, 2, None, 4, 5])])
    lines = [line for line in list_tags(plot, "polyline") if line.get("stroke-width") == "2"]
    assert [len(line.get("points", "").split()) for line in lines] == [2, 2]
    assert len(list_tags(plot, "circle")) == 4


def test_proposed_limit_is_dashed_and_not_only_of_another_colour() -> None:
    dashed = [line.get("stroke-dasharray") for line in list_tags(KINDS["debt"], "polyline")]
    assert sorted(filter(None, dashed)) == ["6 4"]


@pytest.mark.parametrize(
    "plot",
    [RowPlot([]), RowPlot([Place("Noll", "0", compare(0, 0))]), ColumnPlot([]), ColumnPlot([Place("2027")])],
    ids=["no rows", "zero", "no columns", "no amount"],
)
def test_charts_without_rows_or_amounts_can_be_drawn(plot: Plot) -> None:
    assert ElementTree.fromstring(draw(plot)).get("width") == "460"


def test_chart_without_a_plot_has_no_image_and_says_so() -> None:
    chart = Chart("skuld", "Skulden", "tkr", notes=["Det finns ingen låneprognos."])
    assert chart.draw_for_page() == []
    with pytest.raises(ValueError, match=r"skuld has nothing to draw: Det finns ingen låneprognos\."):
        chart.draw(WIDE)


def test_chart_stands_beside_a_table_with_caption_scopes_and_links() -> None:
    table = Table(
        "Per objekt, tkr", ["Objekt", "2027"], [Row("Nät", [TableCell("8\u202f111", "/rader/", "n")], "total")]
    )
    page = Chart("nat", "Nät <ökar>", "tkr", None, table, ["En not."]).show("c6")
    assert '<figure class="panel c6" data-chart="nat">' in page
    assert "Nät &lt;ökar&gt;</h2>" in page
    assert re.search(r"<caption[^>]*>Per objekt, tkr</caption>", page)
    assert '<th scope="col" class="n">2027</th>' in page
    assert '<th scope="row">Nät</th>' in page
    assert '<a class="fig" href="/rader/">8\u202f111</a>' in page
    assert "<svg" not in page
    assert "En not." in page


def test_a_drawing_is_made_once_for_the_same_figures_and_words_and_anew_for_others() -> None:
    def plot(amount: int) -> RowPlot:
        return RowPlot([Place("Nät", str(amount), compare(amount, 100))])

    chart = Chart("kept", "Kostnaden ökar", "tkr", plot(120))
    assert chart.draw(WIDE) is Chart("kept", "Kostnaden ökar", "tkr", plot(120)).draw(WIDE)
    others = [
        chart.draw(NARROW),
        Chart("kept", "Kostnaden ökar", "tkr", plot(121)).draw(WIDE),
        Chart("kept", "Kostnaden minskar", "tkr", plot(120)).draw(WIDE),
    ]
    with override("en"):
        others.append(chart.draw(WIDE))
    assert all(other is not chart.draw(WIDE) for other in others)
