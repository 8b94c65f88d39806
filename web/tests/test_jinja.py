"""The second template language: which templates are its own, and that it escapes everything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.utils.html import format_html
from jinja2 import UndefinedError

MARKUP = """<script>alert("x")</script> & 'y'"""
ESCAPED = "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &#39;y&#39;"


def draw(source: str, **context: Any) -> str:
    return engines["jinja2"].from_string(source).render(context)


def test_each_language_takes_its_own_templates() -> None:
    assert type(get_template("desk/sub_budget/_rows.jinja")).__module__ == "django.template.backends.jinja2"
    assert type(get_template("web/list.html")).__module__ == "django.template.backends.django"
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja2"].get_template("web/list.html")


@pytest.mark.parametrize(
    "source",
    [
        "{{ value }}",
        "{% set kept %}{{ value }}{% endset %}{{ kept }}",
        "{% macro cell(text) %}{{ text }}{% endmacro %}{{ cell(value) }}",
        "{% for one in [value] %}{{ one }}{% endfor %}",
        '{{ "%(name)s"|format(name=value) }}',
        '{{ _("Lines of %(earlier_year)s that are gone") % {"earlier_year": value} }}',
        "{% autoescape false %}{{ value }}{% endautoescape %}",
    ],
)
def test_markup_in_a_value_is_text(source: str) -> None:
    assert ESCAPED in draw(source, value=MARKUP)


def test_values_that_are_no_text_are_escaped_as_what_they_are_written_as() -> None:
    class Named:
        def __str__(self) -> str:
            return MARKUP

    assert draw("{{ value }}", value=Named()) == ESCAPED
    assert draw("{{ value }}", value=-5) == "-5"


def test_a_mark_is_kept_and_what_it_says_is_escaped_once() -> None:
    assert draw("{{ mark }}", mark=format_html("<b>{}</b>", "&")) == "<b>&amp;</b>"


def test_an_unknown_name_is_an_error_and_no_empty_cell() -> None:
    for source in ("{{ nothing }}", "{{ value.nothing }}", "{% if nothing %}{% endif %}"):
        with pytest.raises(UndefinedError):
            draw(source, value="x")


def test_breaks_between_tags_are_left_out_and_spaces_in_texts_are_kept() -> None:
    assert draw("<tr>\n  <td>a\n b</td>\n  {% if 1 %}\n    <td>{{ 1 }}</td>\n  {% endif %}\n</tr>") == (
        "<tr><td>a\n b</td><td>1</td></tr>"
    )


def test_no_template_gives_a_constant_to_a_filter_that_speaks() -> None:
    """Jinja works it out when it compiles a template, so the word would be in the language of its first reader for good."""
    templates = Path(settings.BASE_DIR, "templates").rglob("*.jinja")
    found = [
        (path.name, text)
        for path in templates
        for text in re.findall(r"""["'] *\| *(?!format\b)\w+""", path.read_text())
    ]
    assert found == []
