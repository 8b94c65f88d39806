"""manage.py send_mail [--daily] [--again]: sends what waits in the outbox."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.services.daily_mail import send_daily_mail
from records.services.mail import send_mail


class Command(BaseCommand):
    help = "Sends what waits in the outbox; workers do it by themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--daily", action="store_true", help="first write today's digests and reminders")
        parser.add_argument("--again", action="store_true", help="also what failed and waits, or was given up")

    def handle(self, *args: object, **options: Any) -> None:
        if options["daily"]:
            self.stdout.write(f"Digests and reminders: {send_daily_mail()}.")
        sent, failed = send_mail(again=options["again"])
        self.stdout.write(f"Sent: {sent}.")
        if failed:
            raise CommandError(f"{failed} could not be sent; the log and the administration say why.")
