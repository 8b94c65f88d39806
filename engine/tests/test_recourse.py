"""Rule 8, the recourse agreement: in force with the last signature, and the one before it until then."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.recourse import Party, agreement_at, find_rest, signed_from

DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PARTIES = st.lists(st.none() | DATES, max_size=6).map(
    lambda days: [Party(str(number), Fraction(1), day) for number, day in enumerate(days)]
)
OLD = [Party("Ydre", Fraction(40), date(2025, 2, 1)), Party("Boxholm", Fraction(60), date(2025, 3, 1))]
NEW = [Party("Ydre", Fraction(50), date(2026, 5, 6)), Party("Boxholm", Fraction(50), None)]


def test_an_agreement_is_in_force_with_the_last_signature_and_the_old_one_until_then() -> None:
    assert signed_from(OLD) == date(2025, 3, 1) and signed_from(NEW) is None
    assert agreement_at([OLD, NEW], date(2026, 6, 1)) is OLD
    signed = [NEW[0], NEW[1]._replace(signed_on=date(2026, 6, 1))]
    assert agreement_at([OLD, signed], date(2026, 5, 31)) is OLD
    assert agreement_at([OLD, signed], date(2026, 6, 1)) is signed
    assert agreement_at([OLD, NEW], date(2025, 2, 28)) is None


def test_shares_that_are_not_whole_tell_what_is_left() -> None:
    assert find_rest([Fraction("33.3333")] * 3) == Fraction("0.0001")
    assert find_rest([Fraction(60), Fraction(50)]) == -10
    assert find_rest([]) == 100


@given(PARTIES)
def test_no_agreement_is_in_force_while_a_party_has_not_signed(parties: list[Party]) -> None:
    day = signed_from(parties)
    assert (day is None) == (not parties or any(party.signed_on is None for party in parties))
    assert day is None or all(party.signed_on is not None and party.signed_on <= day for party in parties)


@given(st.lists(PARTIES, max_size=4), DATES)
def test_the_agreement_of_a_day_is_the_last_that_all_had_signed(agreements: list[list[Party]], on: date) -> None:
    found = agreement_at(agreements, on)
    days = [day for parties in agreements if (day := signed_from(parties)) is not None and day <= on]
    assert (None if found is None else signed_from(found)) == max(days, default=None)
