"""The addresses of the API for its page of reference, as its OpenAPI document describes them: nothing is said twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from web.api import in_language

Document = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A parameter, a header or a field of an answer; `level` is how deep in the answer it lies."""

    name: str
    kind: str
    about: str
    level: int = 0

    @property
    def indent(self) -> str:
        """Return what stands before a name that lies inside another."""
        return "\u2003" * self.level


@dataclass(frozen=True)
class Address:
    """One address: how it is asked, what it takes and what it answers."""

    path: str
    title: str
    about: str
    curl: str
    needs_token: bool
    parameters: list[Field] = field(default_factory=list)
    sent: list[Field] = field(default_factory=list)
    told: list[Field] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    example: str = ""


def describe_addresses(document: Document, root: str) -> list[Address]:
    """Return the addresses of the document in the reader's language, first those that a token is for."""
    rows = [_describe(document, root, path, methods["get"]) for path, methods in document["paths"].items()]
    return sorted(rows, key=lambda row: not row.needs_token)


def find_problem(document: Document) -> str:
    """Return the document's example of an error."""
    operation = document["paths"]["/invoices"]["get"]
    return _write_example(operation["responses"]["400"]["content"]["application/problem+json"])


def _describe(document: Document, root: str, path: str, operation: Document) -> Address:
    answer = operation["responses"]["200"]
    content = answer["content"]["application/json"]
    given = operation.get("parameters", [])
    needs_token = any("bearer" in way for way in operation.get("security", ()))
    swedish, _slash, english = operation["summary"].partition(" / ")
    return Address(
        path=path,
        title=english if get_language() == "en" else swedish,
        about=in_language(operation["description"]),
        curl=_write_curl(root, path, given, needs_token=needs_token),
        needs_token=needs_token,
        parameters=[_read(one, one["schema"]) for one in given if one["in"] in ("path", "query")],
        sent=[_read(one, one["schema"]) for one in given if one["in"] == "header"],
        told=[_read({"name": name, **one}, one["schema"]) for name, one in answer.get("headers", {}).items()],
        fields=list(_list_fields(document, content["schema"])),
        example=_write_example(content),
    )


def _read(one: Document, schema: Document, level: int = 0) -> Field:
    return Field(one["name"], _say_kind(schema), in_language(one.get("description", "")), level)


def _list_fields(document: Document, schema: Document, level: int = 0) -> Iterator[Field]:
    """Yield the fields of an answer, those inside a list or a part after it."""
    whole = _resolve(document, schema)
    for name, part in whole.get("properties", {}).items():
        inner = _resolve(document, part)
        about = in_language(part.get("description") or inner.get("description", ""))
        yield Field(name, _say_kind(inner), about, level)
        yield from _list_fields(document, inner.get("items", inner), level + 1)


def _resolve(document: Document, schema: Document) -> Document:
    """Return what a reference leads to."""
    for part in (schema, *schema.get("allOf", ())):
        if "$ref" in part:
            found: Document = document["components"]["schemas"][part["$ref"].rpartition("/")[2]]
            return found
    return schema


def _say_kind(schema: Document) -> str:
    """Return in words what a value is, with its limits and what it is by itself."""
    names = {
        "integer": _("whole number"),
        "string": _("text"),
        "array": _("list"),
        "object": _("object"),
        "uuid": _("identity (UUID)"),
        "date": _("date, 2026-05-01"),
        "date-time": _("moment in UTC"),
        "uri": _("address"),
    }
    said = [names.get(schema.get("format", ""), names.get(schema.get("type", ""), ""))]
    if "enum" in schema:
        said = [", ".join(str(value) for value in schema["enum"])]
    elif "pattern" in schema:
        said = [_("decimal number as text")]
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        said.append(_("from %(least)s to %(most)s") % {"least": least, "most": most})
    elif least is not None:
        said.append(_("at least %(least)s") % {"least": least})
    if "default" in schema:
        said.append(_("%(usual)s unless sent") % {"usual": schema["default"]})
    return ", ".join(filter(None, said))


def _write_curl(root: str, path: str, given: list[Document], *, needs_token: bool) -> str:
    """Return a command that asks the address with the examples of its parameters."""
    examples = {one["name"]: next(iter(one["examples"].values()))["value"] for one in given if one.get("examples")}
    for one in given:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(examples[one["name"]]))
    # A page is asked for by its link.
    names = [one["name"] for one in given if one["in"] == "query" and one["name"] in examples and one["name"] != "page"]
    query = {name: examples[name] for name in reversed(names)}
    address = f"{root}{path}" + (f"?{urlencode(query)}" if query else "")
    token = '  -H "Authorization: Bearer itsam_…" \\\n' if needs_token else ""
    return f'curl \\\n{token}  "{address}"'


def _write_example(content: Document) -> str:
    """Return the example of an answer."""
    examples = [one["value"] for one in content.get("examples", {}).values()]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""
