"""The second template language, Jinja2, for tables so long that Django's own takes too long (docs/decisions/0022).

Its templates end in `.jinja`; it is asked first and takes no other, so neither language reads the other's. They have the
numbers and marks of `{% load web %}`, and escape everything by themselves. Texts are written `_("…")` first in an expression,
the only way that makemessages reads there: plurals and words with a context come from Python.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import markupsafe
from django.http import HttpRequest
from django.template import engines
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension

from web import marks, numbers
from web.names import name_of

ENDING = ".jinja"
# MarkupSafe's own work in C, which it names for itself only; the standard library does the same, slower.
_escape: Callable[[str], str] = getattr(markupsafe, "_escape_inner", html.escape)
_BREAK = re.compile(r"(?<=[>}])\n\s*(?=[<{])")


class JinjaFiles(FileSystemLoader):
    """Finds templates that end in `.jinja` and no others."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the file's text. TemplateNotFound."""
        if not template.endswith(ENDING):
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class Tight(Extension):
    """Leaves out line breaks between two tags, which a table of hundreds of rows would repeat; a space that counts is
    written `{{ " " }}`. The break stays as a comment, so that errors name the right line."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template without them."""
        return _BREAK.sub(lambda line_break: f"{{#{line_break[0]}#}}", source)


class PageGenerator(CodeGenerator):
    """Writes every shown value escaped, also where a template should ask for no escaping.

    Jinja's own wraps each value in an object first, which takes a third of a long table's time. A text is escaped without a
    call in Python: such a call takes ten times as long at an unlucky depth of the stack (CPython 3.11 then asks the system
    for memory each time).
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("(environment.escape_text(_shown) if type(_shown := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")) is str else environment.escape_other(_shown))")


class PageEnvironment(Environment):
    """Escapes everything but marks that are made safe by Django's `format_html`."""

    code_generator_class = PageGenerator

    escape_text = staticmethod(_escape)

    @staticmethod
    def escape_other(value: object) -> str:
        """Return what is no text as text in a page; it is joined at once, so it is no object that says it is safe."""
        return str(markupsafe.escape(value))


def environment(**options: Any) -> Environment:
    """Join Django's options and ours: an unknown name is an error, never an empty cell."""
    own = {"loader": JinjaFiles(options["loader"].searchpath), "undefined": StrictUndefined, "extensions": [Tight]}
    made = PageEnvironment(**{**options, **own})
    made.filters.update(
        tkr=numbers.format_tkr,
        sek=numbers.format_sek,
        change=numbers.format_change,
        percent=numbers.format_percent,
        growth=numbers.format_growth,
        in_unit=numbers.format_in,
        change_in=numbers.format_change_in,
        quantity=numbers.format_quantity,
        named=name_of,
        doubt=marks.doubt,
        day=date_format,
        capfirst=capfirst,
    )
    made.globals.update(
        _=gettext,
        icon=marks.icon,
        status=marks.status,
        fig=marks.fig,
        url=url_of,
        assumed=marks.assumed,
        provenance=marks.provenance,
    )
    return made


def url_of(name: str, *args: object) -> str:
    """Return a page's address: `{{ url("a:page", budget.slug) }}`. NoReverseMatch."""
    return reverse(name, args=args)


def draw(template: str, request: HttpRequest | None = None, **context: object) -> SafeString:
    """Return a part of a page; the template knows only what is given here, and the request's csrf token."""
    return mark_safe(engines["jinja2"].get_template(template).render(context, request))
