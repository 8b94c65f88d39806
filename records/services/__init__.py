"""Who changes something and why, told to the history triggers.

The trick: both are settings of the transaction, so they also reach COPY and raw SQL, which no ORM hook sees.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import connection, transaction

from records.reasons import Reason


@contextmanager
def change(*, by: str, reason: Reason, **of: object) -> Iterator[None]:
    """One transaction whose history events name the person or command `by`, the `reason` and what differs in it, `of`.

    Inside it every change counts, whether made by the ORM, in bulk, by COPY or by raw SQL.
    """
    told = {"by": by, "reason": Reason(reason).value, "of": {name: str(value) for name, value in of.items()} or None}
    pghistory.context(**told)  # where a request opened one, which would else speak for each statement
    with transaction.atomic():
        metadata = json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
                [str(uuid.uuid4()), metadata],
            )
        yield
