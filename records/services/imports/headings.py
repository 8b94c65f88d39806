"""Which row holds the headings, and what each column is read as: chosen by hand, else as last time, else by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from records.import_kinds import LEFT_OUT, ImportKind
from records.services.imports.cells import show
from records.services.imports.source import FileRow

LOOKED_AT = 15


def fold(heading: str) -> str:
    """Return a heading as it is compared: in small letters, without signs and years of its own."""
    return " ".join(re.sub(r"[^\w%]+", " ", heading.casefold()).split())


def name_fields(kind: ImportKind, period: str) -> dict[str, set[str]]:
    """Return the headings that each field is found by, folded."""
    own = kind.list_aliases(period)
    names = {field.key: (str(field.label), field.key, *field.aliases, *own.get(field.key, ())) for field in kind.fields}
    return {key: set(map(fold, found)) for key, found in names.items()}


def find_header(rows: Sequence[FileRow], names: Mapping[str, set[str]]) -> FileRow | None:
    """Return the row that names most of a kind's fields; the first one where none names any."""
    known = set[str]().union(*names.values())

    def score(row: FileRow) -> int:
        return sum(fold(show(cell)) in known for cell in row.cells)

    return max(rows, key=score, default=None)


def map_columns(
    headings: Sequence[str],
    kind: ImportKind,
    names: Mapping[str, set[str]],
    remembered: Mapping[str, str] | None = None,
) -> tuple[list[str], list[str]]:
    """Return the field that each column is read as, and what was remembered of columns that are gone, in words.

    Of two columns with the same heading none is chosen: that is for a person.
    """
    twice = {heading for heading, count in Counter(map(fold, headings)).items() if count > 1}
    fields = {field.key: field for field in kind.fields}
    chosen, taken = [LEFT_OUT] * len(headings), set[str]()
    kept = {fold(heading): key for heading, key in (remembered or {}).items()}
    for place, heading in enumerate(headings):
        key = kept.get(fold(heading), LEFT_OUT)
        if key in fields and key not in taken and fold(heading) not in twice:
            chosen[place] = key
            taken.add(key)
    for place, heading in enumerate(headings):
        if chosen[place] or fold(heading) in twice or fold(heading) in kept:
            continue
        found = next((key for key in fields if key not in taken and fold(heading) in names[key]), None)
        if found:
            chosen[place] = found
            taken.add(found)
    gone = [
        _("Last time %(field)s was read from “%(heading)s”, which is not in the file. Choose another column for it.")
        % {"field": fields[key].label, "heading": heading}
        for heading, key in (remembered or {}).items()
        if key in fields and key not in taken and fold(heading) not in map(fold, headings)
    ]
    return chosen, gone


def find_mapping_faults(
    headings: Sequence[str], mapping: Sequence[str], kind: ImportKind, names: Mapping[str, set[str]]
) -> list[str]:
    """Return what is wrong with what the columns are read as: a field that is missing, or read twice."""
    counts = Counter(key for key in mapping if key)
    faults = []
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        if heading and not mapping[place]:
            places.setdefault(fold(heading), []).append(place)
    missing = [field for field in kind.fields if field.is_required and not counts[field.key]]
    for field in missing:
        same = next((found for name, found in places.items() if len(found) > 1 and name in names[field.key]), None)
        if same:
            said = _("Columns %(columns)s are both called “%(heading)s”. Choose below which one is read as %(field)s.")
            columns = join_words(get_column_letter(place + 1) for place in same)
            faults.append(said % {"columns": columns, "heading": headings[same[0]], "field": field.label})
        else:
            faults.append(_("No column is read as %(field)s. Choose one under the headings.") % {"field": field.label})
    labels = {field.key: field.label for field in kind.fields}
    faults += [
        _("%(field)s is read from several columns. Keep one of them.") % {"field": labels[key]}
        for key, count in counts.items()
        if count > 1 and key in labels
    ]
    return faults


def join_words(words: Iterable[str]) -> str:
    """Return words as a list in a sentence."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}
