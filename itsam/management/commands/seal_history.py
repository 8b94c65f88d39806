"""manage.py seal_history: seals the history events that no transaction can add to any more."""

from django.core.management.base import BaseCommand

from records.chain.sealing import seal_history


class Command(BaseCommand):
    help = "Seals history: a digest for each day that has new events. The site does it by itself once an hour."

    def handle(self, *args: object, **options: object) -> None:
        sealed = seal_history()
        for digest in sealed:
            self.stdout.write(f"{digest.number}\t{digest.day}\t{digest.count} events\t{digest.hash}")
        if not sealed:
            self.stdout.write("Nothing new to seal.")
