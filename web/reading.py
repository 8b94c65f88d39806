"""Numbers as people type and paste them.

The trick: what can't be seen is taken away first, so that a number means what is seen; then one pattern takes it apart. What
can be read in two ways (`1.234`; `12,500` where no third decimal exists) is refused and never guessed. A refusal names ways to
write the number, and only such as this same reading takes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engine.money import MAX_ORE
from web.numbers import format_decimal

# What shows nothing, what stands for a space and what stands for a minus.
_HIDDEN = re.compile("[\u200b-\u200e\u202a\u202c\u202d\u2060-\u2064\u2066\u2068\u2069\ufeff]")
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_DASHES = re.compile("[\u2010-\u2013\u2212\ufe63\uff0d]")
# What writes from right to left can turn the order of digits, but not of digits alone; U+202E turns those too.
_TURNING = re.compile("[\u061c\u200f\u202b\u2067]")
_TURNED = re.compile("[\u061c\u200f\u202b\u202e\u2067]")
# A spreadsheet's accounting format shows zero as a dash.
_NIL = re.compile("[-\u2014\u2015]")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) *(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?"
)
_GROUPED = re.compile(
    r"(?P<sign>[+-]?) *(?P<whole>[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?:[.,](?P<rest>[0-9]+))?"
)
_SPACED = re.compile(r"(?P<sign>[+-]?) *(?P<whole>[0-9][0-9 ]*)(?:[.,](?P<rest>[0-9]+))?")
_NEGATIVE = re.compile(r"\((?P<inside>[^()-]+)\)|(?P<before>[^()-]+)-")
_SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[Ee][+-]?[0-9]+")
_SUFFIX = re.compile(r"(?P<number>.*?) *(?P<unit>mkr|tkr|kr|sek|:-)", re.IGNORECASE | re.ASCII)
# Each unit in kronor, as a power of ten.
_UNITS = {"": 0, "kr": 0, "sek": 0, ":-": 0, "tkr": 3, "mkr": 6}
_LONGEST = 60
_PRECISE = 200


@dataclass(frozen=True)
class Scale:
    """What a number may be: how many decimals it may have, its limits, and whether it is kronor, which may have a unit.

    `has_third` says whether a third decimal exists, so that three digits after a mark are decimals.
    """

    places: int
    least: Decimal
    most: Decimal
    is_amount: bool = False
    has_third: bool | None = None

    @cached_property
    def limits(self) -> tuple[Fraction, Fraction]:
        """The least and the most, in the numbers that are read, with which decimals are compared slowly."""
        return Fraction(self.least), Fraction(self.most)


_MOST = Decimal(MAX_ORE).scaleb(-2)
AMOUNT = Scale(2, -_MOST, _MOST, is_amount=True)


class NumberError(ValueError):
    """The text is not one number that fits; the message, in the reader's language, names the text and says what to write.

    `advice` are the ways to write it that the message names: typed in the same place, each is taken.
    """

    def __init__(self, message: str, *advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def clean(text: str) -> str:
    """Return a text as it is seen: nothing hidden, plain spaces inside and none around, and one kind of minus."""
    if text.isascii():  # as most are: of all that is looked for below it can hold tabs only
        return text.replace("\t", " ").strip(" \r\n")
    seen = _DASHES.sub("-", _SPACES.sub(" ", _HIDDEN.sub("", text))).strip(" \r\n")
    digits = _TURNING.sub("", seen)
    return digits if re.fullmatch("[0-9]+", digits) else seen


def split_unit(text: str) -> tuple[str, str]:
    """Return a typed amount without its unit, and the unit as it is typed; it is empty where there is none."""
    cleaned = clean(text)
    suffixed = _SUFFIX.fullmatch(cleaned)
    return (suffixed["number"], suffixed["unit"]) if suffixed else (cleaned, "")


def places_of(unit: str, scale: Scale = AMOUNT) -> int:
    """Return how many decimals a number in a unit may have: five in tkr, down to the öre."""
    return scale.places + _UNITS[unit.lower()]


def to_kronor(value: Fraction, unit: str) -> Fraction:
    """Return a number in a unit as kronor."""
    power = _UNITS[unit.lower()]
    return value * int(10**power) if power else value


def parse_ore(text: str, *, language: str | None = None) -> int:
    """Return typed kronor as öre; the suffixes `tkr` and `mkr` mean thousands and millions, `kr`, `SEK` and `:-` are allowed.

    NumberError when it is no number, can be read in two ways, has parts of an öre, or is beyond ±10^15 öre.
    """
    kronor = read(text, AMOUNT, language=language)
    return kronor.numerator * 100 // kronor.denominator


def parse_number(text: str, scale: Scale, *, language: str | None = None) -> Decimal:
    """Return a typed number exactly. NumberError when it is no number, can be read in two ways, or does not fit."""
    return to_decimal(read(text, scale, language=language))


def to_decimal(value: Fraction) -> Decimal:
    """Return a fraction that has an end as the same decimal number."""
    with localcontext() as context:
        context.prec = _PRECISE
        return Decimal(value.numerator) / Decimal(value.denominator)


def read(text: str, scale: Scale, *, language: str | None = None) -> Fraction:
    """Return a typed number exactly, an amount in kronor. NumberError as for `parse_number`."""
    typed = _Typed(text, scale, language)
    value = typed.value()
    if value is None:
        raise typed.refuse()
    return value


def fit(value: Fraction, text: str, scale: Scale, *, language: str | None = None) -> Fraction:
    """Return a number that was worked out from `text`, where it fits. NumberError where it does not."""
    typed = _Typed(text, scale, language)
    if not typed.fits(value):
        raise typed.refuse_size(value)
    return value


class _Typed:
    """A typed text without its unit, what it comes to, and why it is refused."""

    def __init__(self, text: str, scale: Scale, language: str | None) -> None:
        self.text, self.scale = text, scale
        self.is_english = (language or get_language() or "sv").startswith("en")
        self.number, self.unit = split_unit(text) if scale.is_amount else (clean(text), "")
        self.places = places_of(self.unit, scale)
        self.has_third = self.places >= 3 if scale.has_third is None else scale.has_third

    def value(self) -> Fraction | None:
        """Return the number, an amount in kronor; None where it is none, can be read in two ways, or does not fit."""
        exact = self.exact()
        return exact if exact is not None and self.fits(exact) else None

    def exact(self) -> Fraction | None:
        """Return the number, an amount in kronor; None where it is none or can be read in two ways."""
        if _NIL.fullmatch(self.number):
            return Fraction(0)
        match = _NUMBER.fullmatch(self.number) if len(self.number) <= _LONGEST else None
        if match is None or self._is_ambiguous(match):
            return None
        return to_kronor(_fraction(match["sign"], match["whole"], match["decimals"]), self.unit)

    def fits(self, value: Fraction) -> bool:
        """Say whether a number is within the limits and has no more decimals than it may have."""
        least, most = self.scale.limits
        return least <= value <= most and 10**self.scale.places % value.denominator == 0

    def _is_ambiguous(self, match: re.Match[str]) -> bool:
        """Say whether the one mark may as well separate thousands: `1.234`, in English `1,234`, `12,500` kronor."""
        looks_grouped = len(match["decimals"] or "") == 3 and re.fullmatch("[1-9][0-9]{0,2}", match["whole"])
        return bool(looks_grouped) and (match["mark"] == "." or self.is_english or not self.has_third)

    def refuse(self) -> NumberError:
        """Return why it is refused, with what to write instead."""
        if not clean(self.text):
            return self._advise("", self._examples(), _("Write a number, for example %(first)s."))
        exact = self.exact()
        if exact is not None:
            return self.refuse_size(exact)
        if _TURNED.search(self.number):
            return self._advise(_("%(value)s has hidden characters that can reorder its digits. Write it again."), ())
        if len(self.number) <= _LONGEST:
            for explain in (self._explain_negative, self._explain_grouped, self._explain_spaced, self._explain_short):
                refusal = explain()
                if refusal is not None:
                    return refusal
        advice = _("Write digits, for example %(first)s.")
        return self._advise(_("%(value)s is not a number."), self._examples(), advice)

    def refuse_size(self, value: Fraction) -> NumberError:
        """Return that a number is beyond the limits, or has too many decimals."""
        if value > self.scale.most:
            return self._advise(
                _("%(value)s is too large."), (self._limit(self.scale.most),), _("Write at most %(first)s.")
            )
        if value < self.scale.least:
            return self._advise(
                _("%(value)s is too small."), (self._limit(self.scale.least),), _("Write at least %(first)s.")
            )
        if self.places == 0:
            return self._advise(_("%(value)s is not a whole number."), (self._write(value),))
        words = ngettext(
            "%(value)s has too many decimals: at most %(count)s fits.",
            "%(value)s has too many decimals: at most %(count)s fit.",
            self.places,
        )
        return self._advise(words, (self._write(value),))

    def _explain_negative(self) -> NumberError | None:
        """A bookkeeper's negative number: in parentheses, or with its minus last."""
        match = _NEGATIVE.fullmatch(self.number)
        if match is None:
            return None
        meant = _Typed(f"-{match['inside'] or match['before']} {self.unit}", self.scale, self._language)
        exact = meant.exact()
        if exact is None:
            return meant.refuse()
        return self._advise(_("%(value)s may be meant as a negative number."), (meant._write(exact),))

    def _explain_grouped(self) -> NumberError | None:
        match = _GROUPED.fullmatch(self.number)
        if match is None:
            return None
        thousands = _fraction(match["sign"], re.sub("[.,]", "", match["whole"]), match["rest"])
        if match["rest"] or len(match["whole"]) > 7:
            words = _("%(value)s has characters between its thousands.")
            return self._advise(words, (self._write(to_kronor(thousands, self.unit)),))
        decimals = thousands / 1000
        ways = [self._write(to_kronor(value, self.unit)) for value in (thousands, decimals)]
        return self._advise(_("%(value)s can be read with thousands or with decimals."), ways)

    def _explain_spaced(self) -> NumberError | None:
        match = _SPACED.fullmatch(self.number)
        if match is None:
            return None
        value = to_kronor(_fraction(match["sign"], match["whole"], match["rest"]), self.unit)
        return self._advise(_("%(value)s has spaces in the wrong places."), (self._write(value),))

    def _explain_short(self) -> NumberError | None:
        if not _SHORTENED.fullmatch(self.number):
            return None
        return self._advise(_("%(value)s is shortened and may lack digits. Write all digits."), ())

    def _examples(self) -> tuple[str, ...]:
        tried = (self._write(to_kronor(Fraction(number), self.unit)) for number in ("1234.5", "12.5", "12", "1", "0"))
        return next(((text,) for text in tried if self._takes(text)), ())

    def _advise(self, words: str, ways: Iterable[str], advice: str = "") -> NumberError:
        """Return a refusal that names those of some ways to write it that are taken."""
        taken = [text for text in dict.fromkeys(ways) if self._takes(text)]
        one, two = advice or _("Write %(first)s."), _("Write %(first)s or %(second)s.")
        advised = ("", one, two)[len(taken)] % dict(zip(("first", "second"), taken, strict=False))
        return NumberError(f"{words % {**named(self.text), 'count': self.places}} {advised}".strip(), *taken)

    def _takes(self, text: str) -> bool:
        return _Typed(text, self.scale, self._language).value() is not None

    def _limit(self, value: Decimal) -> str:
        """Return a limit as it can be typed in any column."""
        shown = format_decimal(value.normalize(), language=self._language)
        return f"{shown} kr" if self.scale.is_amount else shown

    def _write(self, value: Fraction) -> str:
        """Return a number as it can be typed here: rounded to what fits, half away from zero, with the unit it had."""
        exact = to_decimal(value / int(10 ** _UNITS[self.unit.lower()]))
        with localcontext() as context:
            context.prec = _PRECISE
            plain = exact.quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_UP).normalize()
        decimals = max(0, -int(plain.as_tuple().exponent))
        if decimals == 1 and self.scale.is_amount and self.places == 2:
            decimals = 2  # kronor have two decimals or none
        if decimals == 3 and (self.is_english or not self.has_third):
            decimals = 4  # three would be read as thousands
        shown = format_decimal(plain, decimals=decimals, language=self._language)
        unit = "kr" if self.unit == ":-" else self.unit
        return f"{shown} {unit}".strip()

    @property
    def _language(self) -> str:
        return "en" if self.is_english else "sv"


def _fraction(sign: str, whole: str, decimals: str | None) -> Fraction:
    digits = int(whole.replace(" ", "") + (decimals or ""))
    return Fraction(-digits if sign == "-" else digits, int(10 ** len(decimals or "")))


def named(text: str) -> dict[str, str]:
    """Return a typed text for a message: without what is hidden in it, and cut when it is long."""
    shown = _TURNED.sub("", _HIDDEN.sub("", text)).strip()
    return {"value": shown if len(shown) <= 40 else f"{shown[:39]}…"}
