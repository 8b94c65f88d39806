"""makemigrations, which words for people are no change to."""

from django.core.management.commands.makemigrations import Command as MakeMigrationsCommand

from itsam.management.wording import WordlessAutodetector


class Command(MakeMigrationsCommand):
    autodetector = WordlessAutodetector
