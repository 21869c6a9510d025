"""The application of celery_app, whose worker keeps how it read each message's times in the hash `lab:times`."""

import json

from celery.signals import task_received
from celery_app import app


@task_received.connect
def keep(request, **_):
    times = {"eta": request.eta and request.eta.timestamp(), "expires": request.expires and request.expires.timestamp()}
    app.backend.client.hset("lab:times", request.id, json.dumps(times))
