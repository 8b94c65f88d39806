"""manage.py verify_history [--head FILE] [--json]: exit code 0 when every sealed event and every row is as it was."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.chain.rows import MOST_ROWS
from records.chain.verification import MOST_FAULTS, Verification, verify_history
from records.models import HistoryDisposal


class Command(BaseCommand):
    help = (
        "Checks history against its digests, and the tables against history: names the day, table and event or row that was"
        " removed or altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", type=Path, help="a head that manage.py history_head printed, kept elsewhere")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:
        verification = verify_history(_read_head(options["head"]) if options["head"] else None)
        self.stdout.write(json.dumps(_as_json(verification), indent=1) if options["json"] else _as_text(verification))
        if not verification.is_whole:
            self.stderr.write(f"History is not whole. {verification.faults[0]}")
            sys.exit(1)


def _read_head(path: Path) -> dict[str, object]:
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"The head {path} can't be read: {error}.") from error
    if not isinstance(head, dict) or not {"day", "hash"} <= head.keys():
        raise CommandError(f"The head {path} has no day and hash: it must be what manage.py history_head printed.")
    return head


def _as_json(verification: Verification) -> dict[str, object]:
    return {
        "whole": verification.is_whole,
        "digests": verification.digests,
        "events": verification.events,
        "faults": [asdict(fault) for fault in verification.faults],
        "disposed": [_describe(disposal) for disposal in verification.disposed],
        "uncovered": [
            {**asdict(row), "since": row.since.isoformat(), "late": row.is_late} for row in verification.uncovered
        ],
    }


def _describe(disposal: HistoryDisposal) -> dict[str, object]:
    return {
        "day": disposal.digest.day.isoformat(),
        "count": disposal.count,
        "at": disposal.disposed_at.isoformat(),
        "by": disposal.disposed_by,
        "reason": disposal.reason,
    }


def _as_text(verification: Verification) -> str:
    lines = [f"{verification.digests} digests and {verification.events} events checked."]
    lines += [f"WRONG {fault}" for fault in verification.faults]
    if verification.faults:
        lines.append(
            "There may be more: of each part of a digest only the first wrong event is named, of each table the first"
            f" {MOST_ROWS} rows, and at most {MOST_FAULTS} faults in all."
        )
    for disposal in verification.disposed:
        facts = _describe(disposal)
        lines.append("disposed of: {day}, {count} events, by {by} at {at}, because “{reason}”".format(**facts))
    for row in verification.uncovered:
        lines.append(f"not yet covered: {row.table}, {row.count} events, {row.first} to {row.last}, since {row.since}")
    late = [row for row in verification.uncovered if row.is_late]
    if late:
        since = min(row.since for row in late)
        lines.append(
            f"LATE {sum(row.count for row in late)} events of {len(late)} tables, the first of {since}, are not sealed after"
            " more than a day: the worker is down, a transaction has been open as long, or the newest digests were"
            " removed. Compare with a head that was kept elsewhere (--head)."
        )
    lines.append(
        "Every sealed event is as it was, and every row is as its last event."
        if verification.is_whole
        else "History is not whole."
    )
    return "\n".join(lines)
