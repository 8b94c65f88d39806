"""Small marks in pages: an icon, a state with its icon and word, where a figure comes from. For tags and columns."""

from functools import lru_cache
from typing import Final

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from web.numbers import format_tkr

Words = str | Promise

STATES: Final = frozenset({"draft", "submitted", "approved", "locked", "returned", "warn", "bad", "info"})

PROVENANCES: Final[dict[str, Promise]] = {
    "entered": gettext_lazy("entered"),
    "imported": gettext_lazy("imported"),
    "calculated": gettext_lazy("calculated"),
    "derived": gettext_lazy("derived"),
    "published": gettext_lazy("published"),
    "copied": gettext_lazy("copied"),
    "assumed": gettext_lazy("assumed"),
}


# Shown, and said when pointed at, of a figure that rests on something with this source.
DOUBTS: Final[dict[str, tuple[Promise, Promise]]] = {
    "copied": (gettext_lazy("copied"), gettext_lazy("rests on figures copied from an earlier budget")),
    "assumed": (gettext_lazy("assumed"), gettext_lazy("rests on assumed figures")),
}
# The same as the end of a sentence on several figures.
DOUBTFUL: Final[dict[str, Promise]] = {
    "copied": pgettext_lazy("several", "copied"),
    "assumed": pgettext_lazy("several", "assumed"),
}


@lru_cache(maxsize=100)
def icon(name: str) -> SafeString:
    """Return an icon from the sprite `static/icons.svg`; it says nothing to screen readers, so put words beside it.

    It is kept by its name: where the sprite lies is settled when the process starts.
    """
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("icons.svg"), name)


def fig(ore: int | None, url: str = "") -> str:
    """Return öre as tkr that lead to what they are made of, where there is an address."""
    shown = format_tkr(ore)
    return format_html('<a class="fig" href="{}">{}</a>', url, shown) if url else shown


def status(state: str, label: Words, *, pill: bool = False) -> SafeString:
    """Return a state (one of STATES) as icon and word; `pill` in page heads. An unknown state gets the info icon."""
    known = state if state in STATES else "info"
    return format_html('<span class="status{} st-{}">{}{}</span>', " pill" if pill else "", known, icon(known), label)


def assumed() -> SafeString:
    """Return the mark of a figure that is guessed."""
    return format_html('<span class="assumed">{}</span>', _("assumed"))


def doubt(source: str) -> SafeString:
    """Return the mark of a figure, or of a column of them, that nobody has stood up for yet; nothing for others.

    `source` is the weakest of what the figure is made of (engine.provenance).
    """
    words = DOUBTS.get(source)
    if words is None:
        return SafeString("")
    shown, told = words
    return format_html('<span class="assumed" title="{}">{}</span>', told, shown)


def say_doubt(words: str, source: str) -> SafeString:
    """Return a sentence on several figures that ends with their mark: `words` say which; nothing where none doubts them."""
    shown = DOUBTFUL.get(source)
    return SafeString("") if shown is None else format_html('{} <span class="assumed">{}</span>.', words, shown)


def unknown() -> SafeString:
    """Return the mark of a figure that nobody knows yet, which is not zero."""
    return format_html('<em class="unknown">{}</em>', _("not known"))


def provenance(source: str) -> SafeString:
    """Return where a figure comes from: a mark when assumed, gear and word when calculated, muted words otherwise."""
    if source == "assumed":
        return assumed()
    label = PROVENANCES.get(source, source)
    if source in ("calculated", "derived"):
        return format_html('<span class="muted nowrap">{} {}</span>', icon("gear"), label)
    return format_html('<span class="muted">{}</span>', label)


# A figure that was typed or published needs no sign.
SIGNS: Final = {
    "calculated": "gear",
    "derived": "gear",
    "imported": "get",
    "copied": "copy",
    "not_calculated": "copy",
    "assumed": "assumed",
}
DOUBTED: Final = frozenset({"not_calculated", "assumed"})


def sign(source: str, words: Words) -> SafeString:
    """Return the sign of where a figure comes from, for narrow places: an icon that says `words`; nothing without one."""
    if source not in SIGNS:
        return SafeString("")
    look = SafeString('"sign is-doubt"' if source in DOUBTED else "sign")
    said = format_html("role=img><title>{}</title>", words) if words else SafeString("aria-hidden=true>")
    return format_html('<svg class={} {}<use href="{}#i-{}"/></svg>', look, said, static("icons.svg"), SIGNS[source])
