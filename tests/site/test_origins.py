import pytest
from channels.testing import WebsocketCommunicator

from ideproject.origins import SameOriginOnly


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = ["ide.example", "[::1]", "localhost"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://course.example"]
    settings.HTTPS = False


async def opens(*headers):
    async def accept(scope, receive, send):
        await send({"type": "websocket.accept"})

    sent = [(name.encode(), value.encode()) for name, value in headers]
    socket = WebsocketCommunicator(SameOriginOnly(accept), "/ws/execute/", headers=sent)
    opened, _ = await socket.connect()
    return opened


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("http://localhost", "localhost"),
        ("http://localhost", "localhost:80"),
        ("https://ide.example", "ide.example"),
        ("https://ide.example:443", "ide.example"),
        ("HTTPS://IDE.example", "ide.EXAMPLE"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://course.example", "ide.example"),
    ],
)
async def test_our_own_pages_and_trusted_ones_may_open_a_socket(origin, host):
    assert await opens(("origin", origin), ("host", host))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://evil.example", "ide.example"),
        ("https://evil.example", "evil.example"),
        ("https://sub.ide.example", "ide.example"),
        ("https://ide.example.evil.example", "ide.example"),
        ("http://localhost:9000", "localhost:8000"),
        ("http://localhost", "localhost:8000"),
        ("http://ide.example", "ide.example:443"),
        ("http://course.example", "ide.example"),
        ("https://course.example:8443", "ide.example"),
        ("null", "ide.example"),
        ("", "ide.example"),
        ("ide.example", "ide.example"),
        ("file://ide.example", "ide.example"),
        ("https://ide.example@evil.example", "ide.example"),
        ("https://ide.example/", "ide.example"),
        ("https://", ""),
        ("https://ide.example, https://evil.example", "ide.example"),
    ],
)
async def test_all_others_are_refused(origin, host):
    assert not await opens(("origin", origin), ("host", host))


async def test_no_origin_or_two_are_refused():
    ours = ("origin", "https://ide.example")
    host = ("host", "ide.example")
    assert not await opens(host)
    assert not await opens(ours)
    assert not await opens(ours, ours, host)
    assert not await opens(ours, ("origin", "https://evil.example"), host)


async def test_where_the_site_is_https_its_http_twin_is_foreign(settings):
    settings.HTTPS = True
    assert await opens(("origin", "https://ide.example"), ("host", "ide.example"))
    assert not await opens(("origin", "http://ide.example"), ("host", "ide.example"))


async def test_a_refusal_is_logged_on_one_line(caplog):
    await opens(("origin", "https://evil.example\r\nforged"), ("host", "ide.example"))
    assert "evil.example" in caplog.text
    assert "\nforged" not in caplog.text


async def test_the_site_itself_has_the_check_in_front():
    from ideproject.asgi import application

    headers = [(b"host", b"ide.example"), (b"origin", b"https://evil.example")]
    socket = WebsocketCommunicator(application, "/ws/execute/", headers=headers)
    opened, _ = await socket.connect()
    assert not opened
