"""One word for one concept, in both languages: what was mended does not come back.

The texts are those of the catalogue, of the pages written in both languages, and of the demo.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.decisions.form import DecisionForm
from objects.models import Decision

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale/sv/LC_MESSAGES/django.po"
HOUSE = ROOT / "templates/reports/house"

# A pattern that no text has, and what is said instead.
SWEDISH = {
    r"\bFörändring$": "a button says Ändra; Förändring is a difference, in the context of an amount",
    r"\bLägg undan|undanlag": "Klar",
    r"\b[Aa]vslutad kommentar|\bKommentaren är avslutad|[Kk]ommentarer att avsluta|en kommentar avslutades": "löst",
    r"\b[Aa]nmärkning": "anteckning",
    r"\b[Ss]lag\b": "typ; only kostnadsslag and tillgångsslag are of the field",
    r"\b[Kk]ungör|\b[Kk]ungjor": "tillkännage",
    r"\b[Nn]etto\b": "Exkl. moms",
    r"\bExklusive moms|\b[Uu]tan moms": "Exkl. moms",
    r"\b[Ll]åneram": "borgensram",
    r"\b[Gg]rundbidrag": "grundanslag",
    r"\bAtt besluta eller åtgärda": "Att avgöra eller rätta",
    r"\bdet visade borttaget": "sidan har tagits bort",
    r"\bredan fakturerad, från": "fakturerad enligt",
    r"[Vv]änligen|\bepost|\bmail(?:et)?\b|[Aa]utentiseringshemlighet|Anmälan stängd": "as the rest of the site speaks",
    r"återställningskod": "reservkod",
    r"\b[Ll]adda ner\b|\bladdar den": "ladda ned; läsa in",
    r"\bhusets text": "webbplatstext",
    r"\bUttaget\b": "Exporterat",
    r"\bkan inte räknas ut\b": "say what is allowed",
    r"^kopierad,|^kopierad från": "kopierat, as härlett and antaget",
}
ENGLISH = {
    r"\b[Tt]aken out\b|\b[Tt]ake out\b": "exported, or remove",
    r"\b[Cc]ount up\b": "adjust by index",
    r"\b[Pp]ut away\b": "done",
    r"\bis where it was\b": "was not moved",
    r"\)s” is no \w+|\)s is no (?!longer)\w+": "is not a …, or unknown",
    r"\banew\b": "again; reload",
    r"\bis the economist's\b": "only the economist can",
    r"\bany more, by anybody\b": "nobody can",
    r"\ball the same\b": "anyway",
    r"\bby now\.": "is now",
    r"\b(?:is|are|was) there twice": "occurs twice",
    r"\bworked out\b": "calculated",
    r"\btaken away\b|\b[Tt]ake (?:it out|away|the \w+ away)\b": "remove",
    r"\bstands? by itself\b|\bstand by themselves\b": "typed",
    r"\bon what (?:it|they) rests?\b": "based on",
    r"\bMy tasks\b": "To do",
    r"\bhad back\b": "recovered",
    r"\bthrown away\b": "discarded",
    r"\bin the page\b": "on the page",
    r"\bNothing waits\b|\bNo task waits\b": "is waiting",
}
LEFT = {
    # Names of models, which a migration knows.
    "text of the house", "texts of the house", "a text of the house was changed",
}  # fmt: skip


@functools.cache
def read_catalogue() -> tuple[tuple[str, str, str], ...]:
    """Each text's context, English and Swedish; plural forms one by one."""
    return tuple(_read_catalogue())


def _read_catalogue() -> Iterator[tuple[str, str, str]]:
    for block in re.split(r"\n\s*\n", CATALOGUE.read_text(encoding="utf-8")):
        fields: dict[str, str] = {}
        for keyword, text in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', block, re.M):
            fields[keyword] = "".join(ast.literal_eval(part) for part in text.strip().split("\n"))
        english = [fields.get("msgid", ""), fields.get("msgid_plural", "")]
        swedish = [value for keyword, value in fields.items() if keyword.startswith("msgstr")]
        for position, said in enumerate(swedish):
            yield fields.get("msgctxt", ""), english[min(position, 1)] or english[0], said


def find(pattern: str, texts: Iterator[str]) -> list[str]:
    return [text for text in texts if re.search(pattern, text) and text not in LEFT]


def own_english() -> Iterator[str]:
    library = (ROOT / "accounts/library.py").read_text(encoding="utf-8")
    return (english for _context, english, _swedish in read_catalogue() if english and english[:30] not in library)


@pytest.mark.parametrize("pattern", SWEDISH)
def test_no_swedish_text_has_a_word_that_was_mended(pattern: str) -> None:
    said = ((context, swedish) for context, english, swedish in read_catalogue() if english)
    texts = (swedish for context, swedish in said if context != "amount")
    assert find(pattern, texts) == [], SWEDISH[pattern]
    pages = "".join(path.read_text(encoding="utf-8") for path in HOUSE.glob("*_sv.*"))
    assert not re.search(pattern, pages, re.M), SWEDISH[pattern]


@pytest.mark.parametrize("pattern", ENGLISH)
def test_no_english_text_has_a_word_that_was_mended(pattern: str) -> None:
    assert find(pattern, own_english()) == [], ENGLISH[pattern]
    pages = "".join(path.read_text(encoding="utf-8") for path in HOUSE.glob("*_en.*"))
    assert not re.search(pattern, pages), ENGLISH[pattern]


# Days and moments have one short form and one long one; a day of the page's own year stands without it.
FORMS = {"j F", "Y", "Y-m", "Y-m-d", "Y-m-d H:i", "Y-m-d H:i:s", "j F Y", "H:i", "F Y", "F", "c"}


def test_days_have_one_short_form_and_one_long_one() -> None:
    drawn = [path for ending in ("html", "jinja", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")]
    used = {form for path in drawn for form in re.findall(r"""\|(?:date|day)[:(]["']([^"']+)""", path.read_text())}
    apps = [path for path in ROOT.glob("*/**/*.py") if path.parts[len(ROOT.parts)] not in (".venv", "node_modules")]
    calls = re.compile(
        r"""date_format\([^"'\n]*(?:"datetime"[^"'\n]*)?["']([^"']+)["'](?: if \w+ else ["']([^"']+)["'])?"""
    )
    used |= {form for path in apps for both in calls.findall(path.read_text(encoding="utf-8")) for form in both if form}
    assert used <= FORMS


@pytest.mark.django_db
def test_no_choice_is_a_row_of_dashes() -> None:
    form = DecisionForm(instance=Decision())
    labels = [str(label) for field in form for _value, label in getattr(field.field, "choices", [])[:1]]
    assert labels and not [label for label in labels if label.startswith("--")]


def test_figures_are_of_one_width_in_number_cells_only() -> None:
    sheet = (ROOT / "static/itsam.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+){[^{}]*tabular-nums[^{}]*}", sheet)
    selectors = {selector.strip().split("\n")[-1] for selector in rules}
    assert selectors == {
        ".num",
        ".t .n, .edit .line > :where(:nth-child(n + 3):nth-child(-n + 9))",
        ".chart text",
    }
