"""The site's Celery: calls from web servers to workers, over the site's Redis."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")

from django.conf import settings

_SECONDS = 3

app = Celery("cloister", broker=settings.REDIS_URL, set_as_current=True)
app.conf.update(
    imports=["executor.tasks"],
    accept_content=["json"],
    task_acks_late=True,
    task_default_queue="cloister",
    task_ignore_result=True,
    # As many calls as there are places, so that no worker sits on one that another could take.
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Redis comes back some day, and calls that are lost are made again.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "global_keyprefix": "{cloister}:celery:",
        "socket_timeout": _SECONDS,
        "socket_connect_timeout": _SECONDS,
    },
)
app.set_default()
