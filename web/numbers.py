"""Numbers as people type and read them.

The trick of reading: the text is taken apart into sign, whole part and decimals by one pattern, and anything that could
be read in two ways (`1.234`) is refused with both readings, never guessed. The trick of showing: U+202F between
thousands and U+2212 for minus in both languages; only the decimal mark follows the language.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engine.money import MAX_ORE, round_to_tkr

THIN = "\u202f"
MINUS = "\u2212"
UNKNOWN = "–"

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_NUMBER = re.compile(
    r"(?P<sign>[+\-\u2212]?) ?(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?"
)
_GROUPED = re.compile(
    r"(?P<sign>[+\-\u2212]?) ?(?P<whole>[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?P<rest>[.,][0-9]+)?"
)
_SUFFIX = re.compile(r"(?P<number>.*?) ?(?P<unit>mkr|tkr|kr|sek)", re.IGNORECASE | re.ASCII)
# Each unit in öre, as a power of ten.
_UNITS = {"kr": 2, "sek": 2, "tkr": 5, "mkr": 8}
_LONGEST = 60


class NumberError(ValueError):
    """The text is not one number; the message, in the reader's language, names the text and says what to write."""


@dataclass(frozen=True)
class _Typed:
    """A number taken apart: `digits` × 10^-`places`, with its sign."""

    negative: bool
    digits: int
    places: int

    def as_integer(self, shift: int) -> int | None:
        """Return the number × 10^shift, or None when it is not whole."""
        if shift >= self.places:
            size: int = self.digits * int(10 ** (shift - self.places))
        else:
            size, rest = divmod(self.digits, 10 ** (self.places - shift))
            if rest:
                return None
        return -size if self.negative else size


def parse_decimal(text: str, *, language: str | None = None) -> Decimal:
    """Return the typed number exactly. NumberError when it is none, is ambiguous, or has broken thousands groups."""
    typed = _take_apart(text, _clean(text), language)
    return Decimal((int(typed.negative and typed.digits != 0), tuple(map(int, str(typed.digits))), -typed.places))


def parse_ore(text: str, *, language: str | None = None) -> int:
    """Return typed kronor as öre; the suffixes `tkr` and `mkr` mean thousands and millions, `kr` and `SEK` are allowed.

    NumberError as for `parse_decimal`, and for parts of an öre or an amount beyond ±10^15 öre.
    """
    number, shift = split_unit(text)
    typed = _take_apart(text, number, language)
    ore = typed.as_integer(shift)
    if ore is None:
        raise NumberError(_say_parts_of_ore(text, shift))
    if abs(ore) > MAX_ORE:
        raise NumberError(_("%(value)s is too large. The largest amount is 10 000 billion kronor.") % _named(text))
    return ore


def split_unit(text: str) -> tuple[str, int]:
    """Return the text without its unit, and what the unit is in öre as a power of ten; without one it is kronor."""
    cleaned = _clean(text)
    suffixed = _SUFFIX.fullmatch(cleaned)
    return (suffixed["number"], _UNITS[suffixed["unit"].lower()]) if suffixed else (cleaned, _UNITS["kr"])


def _say_parts_of_ore(text: str, decimals: int) -> str:
    if decimals == _UNITS["kr"]:
        return _("%(value)s has parts smaller than one öre. Write at most two decimals.") % _named(text)
    words = _("%(value)s has parts smaller than one öre. Write at most %(decimals)s decimals.")
    return words % {**_named(text), "decimals": decimals}


def format_decimal(value: Decimal | None, *, decimals: int | None = None, language: str | None = None) -> str:
    """Return an exact number as shown; `decimals` rounds half away from zero, None keeps its own. None is a dash."""
    if value is None:
        return UNKNOWN
    with localcontext() as context:
        context.prec = 60
        if decimals is not None:
            value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        plain = f"{abs(value):f}"
    whole, _point, rest = plain.partition(".")
    shown = f"{int(whole):,}".replace(",", THIN) + (_decimal_mark(language) + rest if rest else "")
    return MINUS + shown if value < 0 else shown


def format_quantity(value: Decimal, *, language: str | None = None) -> str:
    """Return an exact number without needless zeros, so that it can be typed back: in English 1.234 is 1.2340."""
    plain = value.normalize()
    needs_zero = plain.as_tuple().exponent == -3 and _language(language) == "en"
    return format_decimal(plain, decimals=4 if needs_zero else None, language=language)


def format_tkr(ore: int | None) -> str:
    """Return öre as tkr, rounded half away from zero (rule 1). Give it the true total. None is a dash."""
    return UNKNOWN if ore is None else format_whole(round_to_tkr(ore))


def format_whole(number: int) -> str:
    """Return a whole number as shown."""
    shown = f"{abs(number):,}".replace(",", THIN)
    return MINUS + shown if number < 0 else shown


def format_sek(ore: int | None, *, decimals: int | None = None, language: str | None = None) -> str:
    """Return öre as kronor: two decimals when there are öre and none otherwise, or as many as asked. None is a dash."""
    if ore is None:
        return UNKNOWN
    if decimals is None:
        decimals = 2 if ore % 100 else 0
    if decimals == 0 and ore % 100 == 0:
        return format_whole(ore // 100)
    return format_decimal(Decimal(ore).scaleb(-2), decimals=decimals, language=language)


def format_change(ore: int | None) -> str:
    """Return a difference in öre as signed tkr; a difference that rounds to nothing has no sign. None is a dash."""
    shown = format_tkr(ore)
    return f"+{shown}" if ore is not None and round_to_tkr(ore) > 0 else shown


def format_in(ore: int | None, unit: str) -> str:
    """Return öre as the unit that the reader has chosen: "kr" or "tkr"."""
    return format_sek(ore) if unit == "kr" else format_tkr(ore)


def format_change_in(ore: int | None, unit: str) -> str:
    """Return a difference in öre as the unit that the reader has chosen, signed."""
    if unit != "kr":
        return format_change(ore)
    return f"+{format_sek(ore)}" if ore is not None and ore > 0 else format_sek(ore)


def format_percent(
    value: Decimal | None, *, decimals: int = 1, signed: bool = False, language: str | None = None
) -> str:
    """Return per cent (`engine.money.percent` gives it, 6.0 is 6 %) without the sign %. None is a dash."""
    if value is None:
        return UNKNOWN
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    shown = format_decimal(rounded, language=language)
    return f"+{shown}" if signed and rounded > 0 else shown


def _decimal_mark(language: str | None) -> str:
    return "." if _language(language) == "en" else ","


def _language(language: str | None) -> str:
    return (language or get_language() or "sv").split("-")[0]


def _clean(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _named(text: str) -> dict[str, str]:
    """Return the typed text for a message, cut when it is long."""
    shown = text.strip()
    return {"value": shown if len(shown) <= 40 else f"{shown[:39]}…"}


def _take_apart(text: str, number: str, language: str | None) -> _Typed:
    """Return the parts of `number`; `text` is what the person typed, for the message."""
    if not number:
        raise NumberError(_("Write a number, for example 1 234,50.") if not text.strip() else _no_number(text))
    match = _NUMBER.fullmatch(number) if len(number) <= _LONGEST else None
    if match is None or _is_ambiguous(match, language):
        raise NumberError(_explain(text, number, _language(language)))
    decimals = match["decimals"] or ""
    return _Typed(
        negative=match["sign"] in ("-", MINUS),
        digits=int(match["whole"].replace(" ", "") + decimals),
        places=len(decimals),
    )


def _is_ambiguous(match: re.Match[str], language: str | None) -> bool:
    """Say whether the one mark may as well separate thousands: `1.234`; in English, where it does, `1,234` too."""
    whole, decimals = match["whole"], match["decimals"]
    looks_grouped = decimals is not None and len(decimals) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole) is not None
    return looks_grouped and (match["mark"] == "." or _language(language) == "en")


def _explain(text: str, number: str, language: str) -> str:
    """Return what is wrong with a refused number and what to write instead."""
    grouped = _GROUPED.fullmatch(number)
    if grouped is None or len(number) > _LONGEST:
        broken = re.fullmatch(r"[+\-\u2212]? ?[0-9][0-9 ]*(?:[.,][0-9]+)?", number)
        return _broken_groups(text) if broken else _no_number(text)
    mark = _decimal_mark(language)
    sign = MINUS if grouped["sign"] in ("-", MINUS) else ""
    whole, rest = grouped["whole"], grouped["rest"]
    thousands = sign + whole.replace(grouped["mark"], THIN)
    if rest:
        thousands += mark + rest[1:]
    if rest or len(whole) > 7:
        return _("%(value)s is not clear. Write thousands with a space: %(thousands)s.") % {
            **_named(text),
            "thousands": thousands,
        }
    fraction = sign + whole.replace(grouped["mark"], mark) + ("0" if language == "en" else "")
    return _("%(value)s can mean both %(thousands)s and %(fraction)s. Write %(thousands)s or %(fraction)s.") % {
        **_named(text),
        "thousands": thousands,
        "fraction": fraction,
    }


def _broken_groups(text: str) -> str:
    return _(
        "%(value)s has spaces in the wrong places. Write thousands in groups of three, such as 1 234 567."
    ) % _named(text)


def _no_number(text: str) -> str:
    return _("%(value)s is not a number. Write digits, for example 1 234,50.") % _named(text)
