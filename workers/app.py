"""The Celery application: one task that runs reactions on outbox rows, and one that shows the worker is alive."""

import logging
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown

from services.kernel import db, health, log
from services.kernel.config import settings
from workers.handler import follow, keep_what_is_loaded

logger = logging.getLogger(__name__)
SOFT_LIMIT = 20  # of a batch: what takes longer is looked at row by row
HARD_LIMIT = 60
VISIBILITY = 120  # longer than the hard limit, or a slow task would be started twice

app = Celery("ewn", broker=settings().redis_url.replace("unix://", "redis+socket://"))
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=HARD_LIMIT,
    task_soft_time_limit=SOFT_LIMIT,
    task_default_queue="ewn",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_max_tasks_per_child=5000,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # or the worker gives up on a broker that is away for some minutes
    visibility_timeout=VISIBILITY,
    broker_transport_options={
        "visibility_timeout": VISIBILITY,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.05,
        "interval_max": 0.1,
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.05, "interval_max": 0.1},
    task_serializer="json",
    accept_content=["json"],
)


@app.task(name="ewn.react")
def react(reaction: str, ids: list[int]) -> None:
    """Run one reaction on up to a hundred outbox rows, and then the reactions to what came of it."""
    follow(reaction, ids)


@app.task(name="ewn.beat")
def beat() -> None:
    """Show that a task was executed: the age of this is the worker's liveness."""
    health.beat(health.TASK)


@setup_logging.connect
def _logging(**_: Any) -> None:
    log.configure("worker")


@worker_process_init.connect
def _began(**_: Any) -> None:
    db.disconnect()  # connections do not survive a fork
    keep_what_is_loaded()


@worker_process_shutdown.connect
def _ended(**_: Any) -> None:
    db.disconnect()
