"""migrate, run as the database's owner; then gives the site's role its rights."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as MigrateCommand

from itsam.management.wording import WordlessAutodetector
from itsam.platform.grants import grant_rights


class Command(MigrateCommand):
    autodetector = WordlessAutodetector

    def handle(self, *args: object, **options: Any) -> None:
        if settings.DATABASE_ROLE != "owner":
            raise CommandError(
                "migrate runs as the database's owner: set ITSAM_DATABASE_ROLE=owner and DATABASE_OWNER_URL."
            )
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            call_command("createcachetable")
            grant_rights()
