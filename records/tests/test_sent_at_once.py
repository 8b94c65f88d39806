"""A form that is sent several times at once is carried out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connections
from django.test import Client

from records.models import Comment
from tests.cast import DRAFT, OWN, OWNER, client_of

SUB_BUDGET = f"/budgets/{DRAFT}/sub-budgets/{OWN}/"


def test_two_sends_at_once_make_one_row(committed: str) -> None:
    data = {"text": "Samtidigt", "once": str(uuid4())}

    def send(client: Client) -> str:
        try:
            return client.post(f"{SUB_BUDGET}comments/", data)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(send, [client_of(OWNER) for _time in range(4)]))
    assert Comment.objects.filter(text="Samtidigt").count() == 1 and len(places) == 1
