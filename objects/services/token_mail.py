"""What is said by mail of API tokens: that one will end, in good time, and that one has stood in an address."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objects.models import ApiToken
from objects.models.tokens import WARNED_DAYS
from objects.selectors.tokens import list_ending
from records.models import MailPreference
from records.selectors.collaboration import when_to_mail
from records.services.mail import queue_mail
from web.addresses import site_address


def warn_of_ending(today: date) -> int:
    """Queue a mail to the maker of each token that ends soon, at each of WARNED_DAYS; return how many were written."""
    ending = list_ending(today, within_days=max(WARNED_DAYS))
    when = when_to_mail({token.created_by for token in ending})
    wanted = [token for token in ending if when[token.created_by_id] != MailPreference.When.NEVER]
    return sum(_warn(token, (token.expires_on - today).days) for token in wanted)


def tell_exposed(token: ApiToken) -> bool:
    """Queue a mail to a token's maker, in the caller's transaction, whatever the maker has chosen: it is a danger."""
    with translation.override(token.created_by.language):
        subject = _("The API token “%(name)s” has stood in an address") % {"name": token.name}
        return _queue(token, subject, "objects/mail/token_exposed.txt", f"token exposed {token.uuid}")


def _warn(token: ApiToken, left: int) -> bool:
    step = min(days for days in WARNED_DAYS if days >= left)
    with transaction.atomic(), translation.override(token.created_by.language):
        words = ngettext(
            "The API token “%(name)s” ends in %(count)s day", "The API token “%(name)s” ends in %(count)s days", left
        )
        subject = words % {"name": token.name, "count": left} if left else _say_last_day(token)
        return _queue(token, subject, "objects/mail/token_ends.txt", f"token {token.uuid} {step} {token.expires_on}")


def _say_last_day(token: ApiToken) -> str:
    return _("Today is the last day of the API token “%(name)s”") % {"name": token.name}


def _queue(token: ApiToken, subject: str, template: str, key: str) -> bool:
    shown = {"token": token, "url": site_address("tokens")}
    return queue_mail(token.created_by, subject=subject, body=render_to_string(template, shown).strip() + "\n", key=key)
