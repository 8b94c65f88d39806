"""What a check of history finds wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where known the day, the table, the row's key and the event's number.

    The day is the digest's; of a row it is that of its last event, both in UTC.
    """

    day: str
    what: str
    table: str = ""
    event: int | None = None
    row: str = ""

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        event = f"event {self.event}" if self.event is not None else ""
        return f"{', '.join(filter(None, (self.day, self.table, row, event)))}: {self.what}"
