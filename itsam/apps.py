from django.apps import AppConfig


class ItsamConfig(AppConfig):
    """Loads Celery with our settings wherever Django runs, so that site, commands and tests start jobs by name."""

    name = "itsam"

    def ready(self) -> None:
        from itsam.celery import app  # noqa: PLC0415 (Celery's settings are Django's, which are ready only now)

        app.set_default()
