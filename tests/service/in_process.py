"""A conversation with the consumer itself, without a server around it."""

import json

from channels.testing import WebsocketCommunicator

from executor.consumers import ExecuteConsumer
from tests.service.serving import PATIENCE_SECONDS


async def opened(session):
    """A socket of the page in the browser that has this session."""
    socket = WebsocketCommunicator(ExecuteConsumer.as_asgi(), "/ws/execute/")
    socket.scope |= {"session": session, "client": ["192.0.2.7", 1]}
    await socket.connect(timeout=PATIENCE_SECONDS)
    return socket


async def answer_of(socket, text):
    await socket.send_to(text_data=text)
    return json.loads(await socket.receive_from(timeout=PATIENCE_SECONDS))
