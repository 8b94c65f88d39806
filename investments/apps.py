"""The app of what is bought and borrowed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvestmentsConfig(AppConfig):
    name = "investments"
    verbose_name = _("Investments")

    def ready(self) -> None:
        """Say what can be imported: the frame below knows no app."""
        from investments.services.device_imports import KINDS as DEVICES  # noqa: PLC0415
        from investments.services.loan_imports import KINDS as LOANS  # noqa: PLC0415
        from records.import_kinds import register  # noqa: PLC0415

        register(*LOANS, *DEVICES)
