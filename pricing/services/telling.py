"""Those who approved a sub-budget are told by mail when its calculated lines move afterwards.

The trick: a mail is held back for a while, and written anew at each calculation meanwhile, with what has moved since the first
of them. So a table of hours that is filled in cell by cell is one mail, and what is put back in time is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from budgets.models import COST_KINDS, Budget, SubBudget
from budgets.selectors.collaboration import list_people
from budgets.services.mail import page_address
from budgets.words import place_name
from pricing.selectors.moves import Move, find_moved_now, list_approved, list_moves
from records.models import MailPreference
from records.selectors.collaboration import when_to_mail
from records.services.mail import Held, drop_mail, hold_mail, list_held
from web.addresses import site_address
from web.numbers import format_change, format_tkr

if TYPE_CHECKING:
    from accounts.models import User

When = MailPreference.When
HELD_FOR = timedelta(minutes=10)
LINES_TOLD = 30


def tell_approvers(budget: Budget) -> None:
    """Tell, in the transaction that wrote calculated lines, those whose approval of a sub-budget stands."""
    approved = list_approved(budget)
    moved = find_moved_now(budget) if approved else {}
    concerned = _keep_moved(approved, moved)
    if not concerned:
        return
    people = {user.pk: user for user in list_people().filter(pk__in={row.approved_by for row in concerned})}
    when, held = when_to_mail(people.values()), list_held(f"calculated {budget.pk} ")
    since = {row.pk: _begin(row, held, max(moved.values())) for row in concerned}
    moves = list_moves(since, budget)
    told = [row for row in concerned if row.approved_by in people and when[row.approved_by] != When.NEVER]
    mine = tuple(_prefix(row, row.approved_by) for row in told)
    drop_mail(key for key in held if key.startswith(mine))
    hold_mail(
        _write(row, people[row.approved_by], moves[row.pk], since[row.pk], _until(when[row.approved_by]))
        for row in told
        if row.pk in moves
    )


def _keep_moved(approved: Sequence[Any], moved: Mapping[int, datetime]) -> list[Any]:
    """Return those of the approved sub-budgets that a written line lies in."""
    rows = SubBudget.objects.filter(budget_products__in=moved, pk__in=[row.pk for row in approved]) if moved else ()
    keys = {row.pk for row in rows}
    return [row for row in approved if row.pk in keys]


def _prefix(row: Any, user_id: int) -> str:
    return f"calculated {row.budget_id} {row.pk} {user_id} "


def _begin(row: Any, held: Sequence[str], moment: datetime) -> datetime:
    """Return since when it is told: since the mail that waits was begun, else since now; not of before the approval."""
    prefix = _prefix(row, row.approved_by)
    begun = [datetime.fromisoformat(key.removeprefix(prefix)) for key in held if key.startswith(prefix)]
    first: datetime = max(min(begun, default=moment), row.approved_at)
    return first


def _until(when: str) -> datetime:
    """Return when a mail leaves: soon, or the next morning for who wants mail once a day."""
    now = timezone.localtime()
    if when == When.AT_ONCE:
        return now + HELD_FOR
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), time(settings.DAILY_MAIL_HOUR)))


def _write(row: Any, user: User, moves: Sequence[Move], since: datetime, until: datetime) -> Held:
    """Write the mail that waits."""
    with translation.override(user.language):
        place, changes = place_name(row), [move.after[0] - move.before[0] for move in moves]
        subject = _("Calculated cost has moved in %(place)s, which you approved") % {"place": place}
        shown = {
            "subject": subject,
            "year": row.budget.fiscal_year,
            "lines": [_say(move) for move in moves[:LINES_TOLD]],
            "more": max(0, len(moves) - LINES_TOLD),
            "total": format_change(sum(changes)),
            "url": page_address(row),
            "choice_url": site_address("mail_choice"),
            "user": user,
        }
        body = render_to_string("pricing/mail/moved.txt", shown).strip() + "\n"
    key = f"{_prefix(row, user.pk)}{since.isoformat()}"
    return Held(user, subject, body, key, until)


def _say(move: Move) -> str:
    """Return a line's product, kind, and the budget year before and now, tkr."""
    kind = str(dict(COST_KINDS)[move.cost_kind])
    amounts = f"{format_tkr(move.before[0])} → {format_tkr(move.after[0])}"
    return f"{move.product}, {kind[0].lower()}{kind[1:]}: {amounts} ({format_change(move.after[0] - move.before[0])})"
