"""manage.py load_demo: the federation's published budget into an empty database, in one transaction."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsam.demo.loader import DATA, NotEmptyError, is_demo_loaded, is_empty, load_demo
from itsam.demo.people import PEOPLE, keep_password
from itsam.demo.reader import DemoDataError
from records.chain.sealing import seal_history


class Command(BaseCommand):
    help = "Loads the demo. Refused when the database holds anything else than the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the database holds something")
        parser.add_argument("--password-file", type=Path, help="the password of the demo's users")
        parser.add_argument("--folder", type=Path, default=DATA, help="where the CSV files are")

    def handle(self, *args: object, **options: Any) -> None:
        password = self._read_password(options["password_file"])
        if is_empty():
            self._load(options["folder"], password)
        elif not is_demo_loaded():
            if not options["if_empty"]:
                raise CommandError("The database holds something else than the demo; nothing was changed.")
            return
        elif password is not None:
            keep_password(password)
        for person in PEOPLE:
            self.stdout.write(f"{person.role.label if person.role else '–'}\t{person.email}")

    def _read_password(self, path: Path | None) -> str | None:
        try:
            return path.read_text(encoding="utf-8").strip() if path else None
        except OSError as error:
            raise CommandError(f"The password file can't be read: {error}.") from error

    def _load(self, folder: Path, password: str | None) -> None:
        try:
            load_demo(folder, password=password)
        except (DemoDataError, NotEmptyError) as error:
            raise CommandError(f"The demo was not loaded; nothing was changed.\n{error}") from error
        seal_history()
