"""Watching over jobs, removing what is kept no longer, and sealing history."""

from celery import shared_task

from records.services import digests
from records.services.files import remove_strays
from records.services.jobs import remove_old_jobs
from records.services.jobs import sweep_jobs as sweep


@shared_task(name="records.sweep_jobs")
def sweep_jobs() -> None:
    """Picks up jobs that a lost broker or a killed worker left."""
    sweep()


@shared_task(name="records.remove_old")
def remove_old() -> None:
    """Once a day: old jobs with their files, and files that nothing names."""
    remove_old_jobs()
    remove_strays()


@shared_task(name="records.seal_history")
def seal_history() -> None:
    """Once an hour, so that little of today's history lies unsealed."""
    digests.seal_history()
