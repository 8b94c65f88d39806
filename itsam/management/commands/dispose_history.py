"""manage.py dispose_history --before DATE --reason TEXT --yes: removes old events for good, as the database's owner."""

from datetime import date
from getpass import getuser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.chain.disposal import NotWholeError, TooEarlyError, count_disposable, dispose_history


class Command(BaseCommand):
    help = "Removes the sealed events of days before a date. Their digests stay, with who removed them and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", required=True, type=_read_day, help="the first day that is kept, as 2026-01-31")
        parser.add_argument("--reason", required=True, help="the decision that it follows")
        parser.add_argument("--by", default="", help="who decides; the account on this machine when left out")
        parser.add_argument("--yes", action="store_true", help="removes them; else it only tells how many they are")

    def handle(self, *args: object, **options: Any) -> None:
        if settings.DATABASE_ROLE != "owner":
            raise CommandError(
                "dispose_history runs as the database's owner: set ITSAM_DATABASE_ROLE=owner and DATABASE_OWNER_URL."
            )
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("Write a reason, such as the decision that the disposal follows.")
        before: date = options["before"]
        try:
            self.stdout.write(
                f"{count_disposable(before)} events of days before {before} are sealed and not removed yet."
            )
            if not options["yes"]:
                raise CommandError("Nothing was removed. To remove them for good, run it again with --yes.")
            disposed = dispose_history(before=before, reason=reason, by=options["by"] or getuser())
        except TooEarlyError as error:
            raise CommandError(
                f"Nothing was removed: history is kept for {settings.HISTORY_RETENTION_DAYS} days"
                f" (HISTORY_RETENTION_DAYS). --before may be {error.latest} or earlier, not {before}."
            ) from error
        except NotWholeError as error:
            raise CommandError(f"Nothing was removed, since history is not whole. {error}") from error
        for disposal in disposed:
            self.stdout.write(f"{disposal.digest.day}: {disposal.count} events removed.")
        if not disposed:
            self.stdout.write(f"No digest of a day before {before} has events left.")


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day. Write it as 2026-01-31.") from error
