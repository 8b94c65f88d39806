"""API tokens and whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from objects.models import (
    ApiToken,
    Customer,
    Role,
)
from objects.models.roles import roles_of
from objects.models.tokens import TOKEN_READERS, served_customers
from web.ordering import in_swedish

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


def list_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the tokens the user may see, by customer and newest first."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.visible_to(user)
    return tokens.select_related("customer", "created_by", "revoked_by", "use")


def find_token(user: User, uuid: UUID | str) -> ApiToken | None:
    """Return one token, if the user may see it."""
    return list_tokens(user).filter(uuid=uuid).first()


def find_token_by_digest(digest: str) -> ApiToken | None:
    """Return the token with this digest, whatever its state, with its customer and its maker; one query."""
    return ApiToken.objects.filter(digest=digest).select_related("customer", "created_by").first()


def is_still_granted(token: ApiToken) -> bool:
    """Return whether who made a token may still make it: signs in, and serves the customer.

    A token holds no right of its own; it is asked at each use, so that it ends with its maker's account or role.
    """
    maker = token.created_by
    if not maker.is_active or Role.ADMINISTRATOR in roles_of(maker):
        return maker.is_active
    return Customer.objects.filter(served_customers(maker), pk=token.customer_id).exists()


LIVE = (ApiToken.State.ACTIVE, ApiToken.State.EXPIRING, ApiToken.State.EXPOSED)


def list_states(tokens: Iterable[ApiToken]) -> list[tuple[ApiToken, ApiToken.State]]:
    """Return tokens with their state.

    One whose maker may no longer make it has ended, for it is refused at each use; one that has stood in an address is
    exposed for as long as it is taken.
    """
    granted: dict[tuple[int, int], bool] = {}
    found = []
    for token in tokens:
        key, state = (token.created_by_id, token.customer_id), token.state
        if state in LIVE and key not in granted:
            granted[key] = is_still_granted(token)
        if state in LIVE and not granted[key]:
            state = ApiToken.State.ENDED
        elif state in LIVE and token.use.exposed_at is not None:
            state = ApiToken.State.EXPOSED
        found.append((token, state))
    return found


def list_ending(today: date, *, within_days: int) -> list[ApiToken]:
    """Return the tokens that are taken today and have so many days left at most, soonest first."""
    last = today + timedelta(days=within_days)
    rows = ApiToken.objects.filter(revoked_at=None, expires_on__range=(today, last)).order_by("expires_on", "pk")
    return [token for token in rows.select_related("customer", "created_by") if is_still_granted(token)]


def list_token_customers(user: User) -> QuerySet[Customer]:
    """List whose tokens the user may make and revoke: an administrator all customers', an officer those served."""
    if Role.ADMINISTRATOR in roles_of(user):
        return Customer.objects.order_by(in_swedish("name"))
    return Customer.objects.filter(served_customers(user)).order_by(in_swedish("name"))


def can_see_tokens(user: User) -> bool:
    """Return whether the page on API access is for this user."""
    return bool(roles_of(user) & {*TOKEN_READERS, Role.MUNICIPALITY_OFFICER})


def can_make_tokens(user: User) -> bool:
    """Return whether the user may make tokens for anybody."""
    return bool(roles_of(user) & {Role.ADMINISTRATOR, Role.MUNICIPALITY_OFFICER})
