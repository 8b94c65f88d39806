"""Charts are images that the content policy lets through and the style sheet can recolour, with whole labels."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from web import charts
from web.charts import Bar, Cell, Chart, Column, Limit, Row, Step, Table, draw_bars, draw_columns, draw_steps, wrap
from web.drawing import Drawer, DrawingError

BARS = [
    Bar("Informationssäkerhet och dataskydd", 199_000, "1\u202f990", 193_800),
    Bar("Nät <&> 'kabel'", -5, "\u22125"),
]
STEPS = [Step("Resultat 2026", 0, -3, "\u22123", charts.INK), Step("Kostnader", -3, 4, "+7", charts.SECOND)]
COLUMNS = [Column("2027", 77, "77", "budget", band=9), Column("2028", None, "ej känt", "plan", is_plan=True)]
LIMITS = [Limit("Gällande ram 80", 80, (0,)), Limit("Föreslagen ram 130", 130, (0, 1), is_proposed=True)]


def draw_all() -> dict[str, str]:
    return {
        "bars": draw_bars("Staplar", BARS),
        "steps": draw_steps("Steg", STEPS),
        "columns": draw_columns("År", COLUMNS, LIMITS),
    }


def parse(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<all>{drawing}</all>")


def texts_of(image: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in image.iter("text")]


@pytest.mark.parametrize("kind", ["bars", "steps", "columns"])
def test_chart_has_no_style_script_or_font_that_the_content_policy_or_the_page_would_refuse(kind: str) -> None:
    drawing = draw_all()[kind]
    assert not re.search(r"style|<script|font-family|\son\w+=|href", drawing)


@pytest.mark.parametrize("kind", ["bars", "steps", "columns"])
def test_chart_is_an_image_with_a_name_and_a_description_at_two_widths(kind: str) -> None:
    images = list(parse(draw_all()[kind]))
    assert [image.get("class") for image in images] == ["wide", "narrow"]
    for image in images:
        title, told = image[0], image[1]
        assert image.get("role") == "img"
        assert (image.get("aria-labelledby"), image.get("aria-describedby")) == (title.get("id"), told.get("id"))
        assert title.text
        assert told.text


@pytest.mark.parametrize("kind", ["bars", "steps", "columns"])
def test_chart_uses_only_colours_that_the_style_sheet_recolours(kind: str) -> None:
    sheet = (Path(settings.BASE_DIR) / "static" / "itsam.css").read_text(encoding="utf-8")
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', draw_all()[kind]))
    assert used
    assert all(f'[fill="{colour}"]' in sheet and f'[stroke="{colour}"]' in sheet for colour in used)


@pytest.mark.parametrize("kind", ["bars", "steps", "columns"])
def test_every_text_is_inside_its_image(kind: str) -> None:
    for image in parse(draw_all()[kind]):
        width, height = float(image.get("width", "")), float(image.get("height", ""))
        for text in image.iter("text"):
            x, y = map(float, re.findall(r"-?[\d.]+", text.get("transform", ""))[:2])
            long = len("".join(text.itertext())) * float(text.get("font-size", "").rstrip("px")) * 0.55
            start = x - long / 2 if text.get("text-anchor") == "middle" else x
            assert 0 <= start <= start + long <= width, "".join(text.itertext())
            assert 0 < y <= height


def test_labels_and_amounts_are_whole_and_escaped() -> None:
    for image in parse(draw_all()["bars"]):
        texts = texts_of(image)
        assert " ".join(texts).count("dataskydd") == 1
        assert "1\u202f990" in texts
        assert "\u22125" in texts
        assert "Nät <&> 'kabel'" in texts


def test_year_that_is_not_known_has_words_but_no_column() -> None:
    known = draw_columns("År", [Column("2028", 5, "5", "plan", is_plan=True)])
    unknown = draw_columns("År", [Column("2028", None, "ej känt", "plan", is_plan=True)])
    assert "ej känt" in unknown
    assert charts.PALE in known
    assert charts.PALE not in unknown


def test_line_breaks_where_its_framework_is_not_in_force() -> None:
    columns = [Column(str(year), 5, "5", "budget") for year in range(4)]
    image = parse(draw_columns("År", columns, [Limit("Ram", 8, (0, 1, 3))]))[0]
    lines = [line for line in image.iter("line") if line.get("stroke-width") == "1.5"]
    assert [float(line.get("x2", "")) for line in lines] == [230, 115]


def test_charts_without_rows_or_amounts_can_be_drawn() -> None:
    assert draw_bars("Inga", [])
    assert draw_bars("Noll", [Bar("Noll", 0, "0")])
    assert draw_columns("Inga", [])


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Nät", ["Nät"]),
        ("Ekonomi och upphandling/inköp", ["Ekonomi och", "upphandling/inköp"]),
        ("Användar-/efterfrågebaserade", ["Användar-/", "efterfrågebaserade"]),
        ("Hyperventilationskalkyleringsprogram", ["Hyperventilations-", "kalkyleringsprogr-", "am"]),
        ("", [""]),
    ],
)
def test_long_label_is_wrapped_and_nothing_of_it_is_lost(label: str, lines: list[str]) -> None:
    assert wrap(label, 18) == lines


def test_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = draw_all()
    monkeypatch.setattr(charts.DRAWER, "draw", lambda *_args, **_kwargs: pytest.fail("drawn again"))
    assert draw_all() == first


def test_drawing_process_that_has_ended_is_started_anew() -> None:
    drawer, spec = Drawer(), '{"mark": "bar", "data": {"values": []}}'
    first = drawer.draw(spec, {})
    assert drawer._process is not None
    drawer._process.kill()
    drawer._process.wait()
    assert drawer.draw(spec, {}) == first


def test_specification_that_cannot_be_drawn_is_refused_with_the_reason() -> None:
    drawer = Drawer()
    with pytest.raises(DrawingError, match="Vega"):
        drawer.draw('{"nonsense": 1}', {})
    assert drawer.draw('{"mark": "bar", "data": {"values": []}}', {})


def test_threads_can_draw_at_the_same_time() -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(draw_bars("Trådar", [Bar(f"Tråd {n}", n + 1, str(n + 1))])))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4


def test_chart_stands_beside_a_table_with_caption_scopes_and_links() -> None:
    table = Table("Per objekt, tkr", ["Objekt", "2027"], [Row("Nät", [Cell("8\u202f111", "/rader/", "n")], "total")])
    page = render_to_string("web/_chart.html", {"chart": Chart("nat", "Nät ökar", "tkr", None, table, ["En not."])})
    assert re.search(r"<caption[^>]*>Per objekt, tkr</caption>", page)
    assert '<th scope="col" class="n">2027</th>' in page
    assert '<th scope="row">Nät</th>' in page
    assert '<a class="fig" href="/rader/">8\u202f111</a>' in page
    assert "<svg" not in page
    assert "En not." in page
