"""The server's entry: pages go to Django, WebSockets past the origin check to the executor."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ideproject.settings")
pages = get_asgi_application()

if settings.REDIS_URL:
    import ideproject.celery  # noqa: F401 - calls to workers go through it

# These reach models, which exist only once the line above has set Django up.
from executor.routing import websocket_urlpatterns  # noqa: E402
from ideproject.origins import SameOriginOnly  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": SameOriginOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
