"""A plain Word document: headings, paragraphs, lettered clauses and tables, for texts that others paste or sign.

The trick: such a file is a zip of a few small XML parts, so no library is needed for what has no pictures.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
WORD: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES: Final = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{CONTENT_TYPE}.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{STYLES_TYPE}+xml"/></Types>'
)
RELATIONS: Final = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
RELATIONS_OF_DOCUMENT: Final = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
STYLES: Final = (
    f'{XML}<w:styles {WORD}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/>'
    '<w:sz w:val="22"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/>'
    "</w:pPr></w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:pPr><w:spacing w:before="240"/>'
    '<w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style></w:styles>'
)
# What no XML may hold.
NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Dates of the parts, which are the same whenever the same text is written.
WRITTEN: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A text; what is lettered, as a clause, hangs behind its letter."""

    text: str
    letter: str = ""


@dataclass(frozen=True)
class Grid:
    """A table whose first row heads its columns."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Heading | Paragraph | Grid


def write_word(parts: Iterable[Part], *, language: str) -> bytes:
    """Return the document as a .docx; the same parts give the same bytes."""
    body = "".join(map(_write, parts))
    margin = '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
    page = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>{margin}</w:sectPr>'
    files = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f"{XML}<w:document {WORD}><w:body>{body}{page}</w:body></w:document>",
        "word/_rels/document.xml.rels": RELATIONS_OF_DOCUMENT,
        "word/styles.xml": STYLES.replace("{language}", language),
    }
    return write_zip((name, text.encode()) for name, text in files.items())


def write_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as a zip; the same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            entry = zipfile.ZipInfo(name, WRITTEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return held.getvalue()


def _write(part: Part) -> str:
    if isinstance(part, Heading):
        return _paragraph(_run(part.text), f'<w:pStyle w:val="Heading{part.level}"/>')
    if isinstance(part, Paragraph):
        if not part.letter:
            return _paragraph(_run(part.text))
        hangs = '<w:ind w:left="425" w:hanging="425"/>'
        return _paragraph(f"{_run(part.letter)}<w:r><w:tab/></w:r>{_run(part.text)}", hangs)
    return _table(part)


def _table(grid: Grid) -> str:
    sides = ("top", "bottom", "insideH")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>' for side in sides)
    columns = "".join(f'<w:gridCol w:w="{9070 // len(grid.heads)}"/>' for _head in grid.heads)
    rows = [_row(grid.heads, is_head=True), *(_row(row) for row in grid.rows)]
    look = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{lines}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{_paragraph('')}"


def _row(cells: Sequence[str], *, is_head: bool = False) -> str:
    repeated = "<w:trPr><w:tblHeader/></w:trPr>" if is_head else ""
    width = 9070 // len(cells)
    told = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(_run(text, is_bold=is_head))}</w:tc>'
        for text in cells
    ]
    return f"<w:tr>{repeated}{''.join(told)}</w:tr>"


def _paragraph(runs: str, look: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{runs}</w:p>"


def _run(text: str, *, is_bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(NOT_XML.sub("", text))}</w:t></w:r>'
