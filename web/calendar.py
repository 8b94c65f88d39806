"""A calendar file (iCalendar, RFC 5545) of whole days, written by hand: it needs no more than escaping and folding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Octets of a line, its end not counted; what is longer goes on after a space.
LONGEST_LINE = 75


@dataclass(frozen=True)
class DayEvent:
    """Something on a whole day; `uid` stays the same when the day moves, so that the reader's calendar moves it."""

    uid: str
    on: date
    summary: str
    description: str = ""
    url: str = ""


def write_calendar(name: str, events: Iterable[DayEvent], *, now: datetime) -> bytes:
    """Write the events as a file; `now` is in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Itsam//Itsam Budget//SV", f"X-WR-CALNAME:{escape(name)}"]
    for event in events:
        lines += _write_event(event, now)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _write_event(event: DayEvent, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escape(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    # A deadline takes nobody's time.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """Return a text as a property holds it (RFC 5545, 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def fold(line: str) -> bytes:
    """Return a line with its end, in pieces of at most 75 octets that split no character (RFC 5545, 3.1)."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
