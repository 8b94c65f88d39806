"""What may not be written of a post, in a staff list or in the pages: who has it, by name or personal number."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

NUMBER = re.compile(r"(?<!\d)(?:19|20)?(\d{2})(\d{2})(\d{2})\s?([-+]?)\s?(\d{4})(?!\d)")
# Two words with capitals, as a name has: a title goes on in small letters. It is one where either half is known as such.
PAIR = re.compile(
    r"(?=\b([A-ZÅÄÖÉ][a-zåäöéü]+(?:-[A-ZÅÄÖÉ][a-zåäöéü]+)?) ([A-ZÅÄÖÉ][a-zåäöéü]+(?:-[A-ZÅÄÖÉ][a-zåäöéü]+)?)\b)"
)
SURNAME = re.compile(r"(?:son|ström|berg|gren|lund|[qk]vist|stedt|dahl|holm|blad|löf|mark|stam|én)$")
COMMON_NAMES = """
    Adam Agneta Ahmed Albin Alexander Ali Alice Alva Amanda Amina Anders Andreas Anette Anita Anna Anneli Annika Anton
    Arvid Axel Barbro Bengt Berit Birgitta Björn Bo Britt Camilla Carina Carl Caroline Cecilia Charlotta Charlotte
    Christer Christian Christina Christoffer Dan Daniel David Ebba Elias Elin Elisabet Elisabeth Ella Ellen Elsa Emelie
    Emil Emma Eric Erik Erika Eva Fatima Felix Filip Fredrik Frida Gabriel Göran Gunilla Gun Gunnar Gustav Hanna Hans
    Hassan Helen Helena Henrik Hugo Håkan Ida Inga Inger Ingrid Isabelle Isak Jakob Jan Jenny Jens Jesper Jessica Joakim
    Johan Johanna John Johnny Jonas Jonathan Josefin Julia Kajsa Karin Karl Katarina Kenneth Kent Kerstin Kevin Kjell
    Klara Klas Kristian Kristina Kristoffer Lars Lena Leif Leo Liam Lina Linda Linnea Linnéa Lisa Lotta Louise Lovisa
    Lucas Ludvig Magnus Maja Malin Marcus Maria Marianne Marie Markus Martin Matilda Mats Mattias Max Mia Michael Mikael
    Mohamed Mohammed Monica Monika Moa Nathalie Nils Nina Niklas Nora Olivia Olle Olof Omar Oscar Oskar Ove Patrik Per
    Pernilla Peter Petra Pia Pontus Rasmus Rebecka Richard Rickard Robert Robin Roger Roland Rolf Sandra Sanna Sara
    Sebastian Simon Sofia Sofie Stefan Stig Stina Sten Susanne Sven Svante Therese Thomas Tobias Tom Tomas Tommy Torbjörn
    Tove Tuva Ulf Ulla Ulrika Urban Veronica Vera Victor Viktor Viktoria Vincent Wilhelm William Yusuf Yvonne Åke Åsa
    """
FIRST_NAMES = frozenset(COMMON_NAMES.split())


def find_personal(text: str) -> str:
    """Return what of a person a text holds, in words with the remedy; empty where it holds nothing."""
    if has_personal_number(text):
        return _("This looks like a personal number. A post has none: write its title only.")
    if has_name(text):
        return _("This looks like a person's name. A post has none: write its title only, in small letters.")
    return ""


def has_name(text: str) -> bool:
    """Say whether a text holds what looks like a person's first name and surname."""
    return any(
        first in FIRST_NAMES or first.partition("-")[0] in FIRST_NAMES or SURNAME.search(last)
        for first, last in PAIR.findall(text)
    )


def has_personal_number(text: str) -> bool:
    """Say whether a text holds what looks like a personal number, or a coordination number (its day plus 60)."""
    return any(_is_personal(*match.groups()) for match in NUMBER.finditer(text))


def _is_personal(year: str, month: str, day: str, mark: str, last: str) -> bool:
    is_day = 1 <= int(month) <= 12 and 1 <= (int(day) - 60 if int(day) > 60 else int(day)) <= 31
    return is_day and (bool(mark) or _has_check_digit(f"{year}{month}{day}{last}"))


def _has_check_digit(digits: str) -> bool:
    """Say whether ten digits end with the sum that personal numbers have (Luhn's)."""
    parts = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(part // 10 + part % 10 for part in parts) % 10 == 0
