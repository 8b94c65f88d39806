"""Reports that take long: each job takes its uuid and calls one service."""

from celery import shared_task

from records.services.jobs import running
from reports.lists.making import store_list
from reports.workbook.making import store_workbook


@shared_task(name="reports.make_workbook")
def make_workbook(job_uuid: str) -> None:
    """Make a budget's workbook."""
    with running(job_uuid) as run:
        store_workbook(run)


@shared_task(name="reports.make_list")
def make_list(job_uuid: str) -> None:
    """Make a long list's file."""
    with running(job_uuid) as run:
        store_list(run)
