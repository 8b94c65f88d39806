"""Tasks for the jobs of the stress test; its worker knows them besides the site's own."""

import time

from celery import shared_task
from django.db import transaction

from objects.models import Product
from records.services.jobs import running

STEPS, STEP_SECONDS = 40, 0.05


@shared_task(name="stress.step")
def step(job_uuid: str) -> None:
    """Takes two seconds in one transaction, in which it writes its mark."""
    with running(job_uuid) as run, transaction.atomic():
        mark = run.arguments["mark"]
        Product.objects.filter(pk=run.arguments["product"]).update(name=mark)
        for number in range(STEPS):
            time.sleep(STEP_SECONDS)
            run.report(100 * number / STEPS, f"{number} of {STEPS}")
        run.finish({"url": f"/{mark}/"})


@shared_task(name="stress.hang")
def hang(job_uuid: str) -> None:
    """Goes on until somebody ends it."""
    with running(job_uuid) as run:
        while True:
            time.sleep(STEP_SECONDS)
            run.report(50, "hangs")
