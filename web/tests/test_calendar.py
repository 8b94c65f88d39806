"""The calendar file: escaped, folded, whole days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from web.calendar import LONGEST_LINE, DayEvent, escape, fold, write_calendar

NOW = datetime(2026, 4, 15, 12, 0, tzinfo=UTC)


def test_event_lasts_a_whole_day_and_keeps_its_identity() -> None:
    event = DayEvent("budget-2027-meeting@itsam-budget", date(2026, 6, 11), "Direktionen; fastställer, allt")
    lines = write_calendar("Årshjul", [event], now=NOW).decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {
        "UID:budget-2027-meeting@itsam-budget", "DTSTAMP:20260415T120000Z", "DTSTART;VALUE=DATE:20260611",
        "DTEND;VALUE=DATE:20260612", "SUMMARY:Direktionen\\; fastställer\\, allt", "TRANSP:TRANSPARENT",
    } <= set(lines)  # fmt: skip


def test_text_with_a_new_line_stays_in_its_property() -> None:
    assert escape("a\r\nb\\c") == "a\\nb\\\\c"


@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_folded_line_is_the_same_line_and_no_piece_is_too_long(text: str) -> None:
    folded = fold(text)
    assert all(len(piece) <= LONGEST_LINE for piece in folded.split(b"\r\n"))
    assert folded.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode() == text
