"""Jobs: call one service."""

from celery import shared_task

from budgets.services.daily_mail import send_daily_mail as send


@shared_task(name="budgets.send_daily_mail")
def send_daily_mail() -> None:
    """Digests and reminders, for who has not had today's; every half hour, so that no morning is missed."""
    send()
