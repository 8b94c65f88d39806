"""Numbers as people see them; `web.reading` reads what they type.

The trick: U+202F between thousands and U+2212 for minus in both languages; only the decimal mark follows the language.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import get_language, pgettext

from engine.growth import NEW, Growth
from engine.money import round_to_tkr

THIN = "\u202f"
MINUS = "\u2212"
UNKNOWN = "–"


def format_decimal(value: Decimal | int | None, *, decimals: int | None = None, language: str | None = None) -> str:
    """Return an exact number as shown; `decimals` rounds half away from zero, None keeps its own. None is a dash."""
    if value is None:
        return UNKNOWN
    with localcontext() as context:
        context.prec = 60
        value = Decimal(value)  # a whole number that is none would be shown with six decimals
        if decimals is not None:
            value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        plain = f"{abs(value):f}"
    whole, _point, rest = plain.partition(".")
    shown = f"{int(whole):,}".replace(",", THIN) + (_decimal_mark(language) + rest if rest else "")
    return MINUS + shown if value < 0 else shown


def trim(value: Decimal | int) -> Decimal:
    """Return an exact number without needless zeros after its decimal mark: the one rule of lists and files."""
    with localcontext() as context:
        context.prec = 60
        return Decimal(value).normalize()


def format_quantity(value: Decimal | int, *, language: str | None = None) -> str:
    """Return an exact number without needless zeros, so that it can be typed back: in English 1.234 is 1.2340."""
    plain = trim(value)
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


def format_growth(value: Growth, unit: str = "") -> str:
    """Return a change in per cent with its sign, followed by `unit`, or the word for what is new. None is a dash."""
    if value is NEW:
        return pgettext("figure", "new")
    return format_percent(value, signed=True) + (unit if value is not None else "")


def _decimal_mark(language: str | None) -> str:
    return "." if _language(language) == "en" else ","


def _language(language: str | None) -> str:
    return (language or get_language() or "sv").split("-")[0]
