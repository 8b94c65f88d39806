from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForecastsConfig(AppConfig):
    """Reads the federation's own files where Django starts, so that a bad row stops the start and no page."""

    name = "forecasts"
    verbose_name = _("Forecasts")

    def ready(self) -> None:
        from forecasts.selectors.published import load_names, load_relations  # noqa: PLC0415 (needs the models)

        load_relations()
        load_names()
