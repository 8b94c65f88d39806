"""A Word file of our own: read back as XML, with its letters, its table, and what XML must not hold."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from records.services.attachments import find_type
from web.word import Grid, Heading, Paragraph, Part, write_word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        return ElementTree.fromstring(package.read("word/document.xml"))


def test_document_holds_its_heading_lettered_clauses_and_table() -> None:
    parts: list[Part] = [
        Heading("Förslag"),
        Paragraph("Ja & <nej>.", "a)"),
        Grid(("Kommun", "Andel"), [("Ydre", "8,9 %")]),
    ]
    content = write_word(parts, language="sv-SE")
    root = read(content)
    assert [node.text for node in root.iter(f"{W}t")] == [
        "Förslag",
        "a)",
        "Ja & <nej>.",
        "Kommun",
        "Andel",
        "Ydre",
        "8,9 %",
    ]
    assert root.find(f".//{W}pStyle").get(f"{W}val") == "Heading1"  # type: ignore[union-attr]
    assert len(list(root.iter(f"{W}tr"))) == 2 and len(list(root.iter(f"{W}tblHeader"))) == 1
    assert find_type(content) == "docx" and write_word(parts, language="sv-SE") == content


@given(st.text(max_size=40))
def test_any_text_gives_a_file_that_can_be_read(text: str) -> None:
    parts: list[Part] = [Heading(text, 2), Paragraph(text), Grid((text,), [(text,)])]
    read(write_word(parts, language="en-GB"))
