"""manage.py history_head: the newest digest as JSON, to be kept outside the database."""

import json

from django.core.management.base import BaseCommand, CommandError

from records.chain.sealing import describe_head


class Command(BaseCommand):
    help = "Prints the newest digest of history. Keep it elsewhere; manage.py verify_history --head FILE compares it."

    def handle(self, *args: object, **options: object) -> None:
        head = describe_head()
        if head is None:
            raise CommandError("Nothing is sealed yet: run manage.py seal_history.")
        self.stdout.write(json.dumps(head, indent=1))
