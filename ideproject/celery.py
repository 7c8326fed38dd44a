"""The site's Celery: calls from web servers to workers, over the site's Redis."""

from __future__ import annotations

import os

from celery import Celery
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")

from django.conf import settings

_SECONDS = 3

app = Celery("cloister", broker=settings.REDIS_URL, set_as_current=True)
app.conf.update(
    imports=["executor.tasks"],
    accept_content=["json"],
    task_default_queue="cloister",
    task_ignore_result=True,
    # No worker sits on a call that another could answer.
    worker_disable_prefetch=True,
    worker_prefetch_multiplier=1,
    # Not late: over a call that it has not acknowledged when Redis goes away, a worker ends. What
    # is acknowledged late is the execution, which is held until its ending has been said.
    task_acks_late=False,
    worker_hijack_root_logger=False,
    # After Redis was away, as many calls at once as before.
    worker_enable_prefetch_count_reduction=False,
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

# Likewise, kombu would give back what is not acknowledged through the connection that is gone.
# No call needs to be given back (see executor.tasks).
Channel.do_restore = False
