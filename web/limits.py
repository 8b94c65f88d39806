"""What an answer of the API tells of the requests that are left to a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rest_framework.request import Request

# Where a request keeps it for its answer.
LIMITS: Final = "limits"


def tell_limit(request: Request, *, most: int, left: int, seconds: int) -> None:
    """Remember for the answer how many requests fit in a minute, how many are left, and when it ends.

    In the fields of the draft standard (draft-ietf-httpapi-ratelimit-headers).
    """
    policy = f'"minute";q={most};w=60', f'"minute";r={max(left, 0)};t={seconds}'
    setattr(request, LIMITS, dict(zip(("RateLimit-Policy", "RateLimit"), policy, strict=True)))
