"""Sums that people type in a cell, such as `=12*4 500+300`, worked out exactly.

The trick: the text is cut into numbers and signs by one pattern, each number is read as everywhere else (so `1.234` and
`12,500` kronor are refused here too), and a small descending reader works out fractions. Nothing is ever evaluated as code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from engine.money import round_ore
from web.reading import (
    AMOUNT,
    NumberError,
    Scale,
    clean,
    fit,
    named,
    parse_ore,
    places_of,
    read,
    split_unit,
    to_decimal,
    to_kronor,
)

LONGEST = 200
DEEPEST = 20
_PART = re.compile(r"(?P<number>[0-9](?:[0-9., ]*[0-9])?)|(?P<sign>[+*/()\-\u00d7\u00f7])")
_SAME = {"\u00d7": "*", "\u00f7": "/"}
# Far above every amount, so that no typed sum can keep the machine busy.
_LARGEST = 10**40
# A number inside a sum may have any decimals: only the whole is rounded.
_PART_SCALE = Scale(60, -Decimal(_LARGEST), Decimal(_LARGEST))


def is_formula(text: str) -> bool:
    """Say whether the text asks to be worked out."""
    return clean(text).startswith("=")


def parse_sum(text: str, *, language: str | None = None) -> int:
    """Return typed kronor, or a sum of kronor after `=`, as öre; a sum is rounded once, half away from zero.

    A unit after a sum is that of the whole: `=12*4,5 tkr` is 54 000 kronor. NumberError says what is wrong and what to
    write.
    """
    if not is_formula(text):
        return parse_ore(text, language=language)
    number, unit = split_unit(text)
    exact = work_out(number, has_third=places_of(unit) >= 3, language=language)
    ore = round_ore(to_kronor(exact, unit) * 100)
    fit(Fraction(ore, 100), text, AMOUNT, language=language)
    return ore


def parse_exact(text: str, scale: Scale, *, language: str | None = None) -> Decimal:
    """Return a typed number, or a sum after `=`, exactly. NumberError as for `parse_sum`, or where it does not fit."""
    if not is_formula(text):
        return to_decimal(read(text, scale, language=language))
    value = work_out(text, has_third=scale.places >= 3, language=language)
    return to_decimal(fit(value, text, scale, language=language))


def work_out(text: str, *, has_third: bool, language: str | None = None) -> Fraction:
    """Return the value of a sum after `=`; `has_third` as a `Scale` has it. NumberError says what is wrong."""
    cleaned = clean(text).removeprefix("=").strip()
    if not cleaned:
        raise NumberError(_("Write a sum after the equals sign, for example =12*4500."), "=12*4500")
    if len(cleaned) > LONGEST:
        raise NumberError(_("The sum is too long. Write at most %(count)s characters.") % {"count": LONGEST})
    return _Reader(text, _cut(text, cleaned), replace(_PART_SCALE, has_third=has_third), language).read()


def _cut(text: str, cleaned: str) -> list[str]:
    parts, place = [], 0
    while place < len(cleaned):
        part = _PART.match(cleaned, place)
        if part is None:
            raise NumberError(
                _("“%(part)s” can't be used in %(value)s. Use digits, + − * / and parentheses.")
                % {"part": cleaned[place], **named(text)}
            )
        parts.append(_SAME.get(part[0], part[0]))
        place = part.end()
        while place < len(cleaned) and cleaned[place] == " ":
            place += 1
    return parts


class _Reader:
    """Reads parts from left to right: a sum of products of signed numbers and parentheses."""

    def __init__(self, text: str, parts: list[str], scale: Scale, language: str | None) -> None:
        self.text, self.parts, self.scale, self.language = text, parts, scale, language
        self.place = self.depth = 0

    def read(self) -> Fraction:
        value = self._sum()
        if self.place < len(self.parts):
            after = self.parts[self.place]
            if after == ")":
                raise self._wrong(_("%(value)s has a ) without its (."))
            raise self._wrong(_("A sign such as + or * is missing in %(value)s."))
        return value

    def _next(self) -> str:
        return self.parts[self.place] if self.place < len(self.parts) else ""

    def _sum(self) -> Fraction:
        value = self._product()
        while (sign := self._next()) in ("+", "-"):
            self.place += 1
            step = self._product()
            value = self._bounded(value + step if sign == "+" else value - step)
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while (sign := self._next()) in ("*", "/"):
            self.place += 1
            factor = self._signed()
            if sign == "/" and factor == 0:
                raise self._wrong(_("%(value)s divides by zero."))
            value = self._bounded(value * factor if sign == "*" else value / factor)
        return value

    def _signed(self) -> Fraction:
        negative = False
        while self._next() in ("+", "-"):
            negative ^= self._next() == "-"
            self.place += 1
        value = self._number()
        return -value if negative else value

    def _number(self) -> Fraction:
        part = self._next()
        self.place += 1
        if part == "(":
            return self._inside()
        if not part or not part[0].isdigit():
            raise self._wrong(_("A number is missing in %(value)s."))
        return read(part, self.scale, language=self.language)

    def _inside(self) -> Fraction:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(_("%(value)s has too many parentheses."))
        value = self._sum()
        if self._next() != ")":
            raise self._wrong(_("%(value)s has a ( without its )."))
        self.place += 1
        self.depth -= 1
        return value

    def _bounded(self, value: Fraction) -> Fraction:
        if abs(value) > _LARGEST or value.denominator > _LARGEST:
            raise self._wrong(_("%(value)s gives too large a number."))
        return value

    def _wrong(self, message: str) -> NumberError:
        return NumberError(message % named(self.text))
