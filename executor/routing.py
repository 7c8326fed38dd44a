from django.urls import path, re_path

from executor.consumers import ExecuteConsumer, NoSuchPath

websocket_urlpatterns = [
    path("ws/execute/", ExecuteConsumer.as_asgi()),
    re_path(r"", NoSuchPath.as_asgi()),
]
