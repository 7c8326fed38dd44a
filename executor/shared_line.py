"""The line that web servers and workers share, and what is said meanwhile: all that is in Redis.

Theory of operation
-------------------
An execution is, at any time, in the line or *held* by one member: the web
server that is putting it in line, or the worker that runs it. Each step below
is one Lua script, so it happens whole or not at all, and whoever dies leaves a
held set behind that says what they had (:mod:`executor.membership` reads it).

    admit ─▶ held by a web server ─▶ enter ─▶ in line ─▶ take ─▶ held by a worker ─▶ publish(end)
                                                 ▲                      │
                                                 └──── put back ◀───────┘ (its worker died early)

People take turns as in :class:`executor.live.Line`.

What an execution says goes into a stream of its own. An entry has messages with
a line end between them, and ``at``, the place of the first one in the history.
So a reader that meets a message twice knows, and after a Redis that forgot
everything, a worker says the history again from the start. Streams are as long
as the limits on output and files make them; ``_MOST_ENTRIES`` is a net below. What
a person sends goes the other way, through a second stream.

Redis remembers nothing that the records do not say better: if it is emptied, what
was in line is closed as lost, and what runs goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings

Away = redis.RedisError
"""What every call raises while Redis is away."""

# One slot, should this Redis be one of a cluster.
_PREFIX = "{cloister}:"
KEEP_SECONDS = 300
"""How long an ended execution's stream is there for a page that comes back."""
# Of messages, as in one process; one person could otherwise fill the memory of Redis.
_KEEP_CHARACTERS = 64 << 20
# Far more than the limits let a program say.
_MOST_ENTRIES = 1 << 17
# Of control messages that wait for a worker: nobody types so much into a line.
_MOST_WAITING = 10_000
# No execution lives this long; a key that was forgotten goes.
_LONGEST_SECONDS = 24 * 3600
# Longer than any wait for news, so that a connection that is dead is noticed.
_SOCKET_SECONDS = 5
BLOCK_MS = 2000
# No call is made twice by itself: most would do something else the second time.
_HOW: dict[str, Any] = {
    "decode_responses": True,
    "protocol": 2,
    "retry": None,
    "socket_timeout": _SOCKET_SECONDS,
    "socket_connect_timeout": _SOCKET_SECONDS,
}

_COMMON = f"""
local P = '{_PREFIX}'
local function key(kind, id) return P .. kind .. ':' .. id end
local function keep(kind, id) redis.call('EXPIRE', key(kind, id), {_LONGEST_SECONDS}) end
local function now()
    local time = redis.call('TIME')
    return time[1] + time[2] / 1000000
end
local function join(person, id, command)
    if redis.call(command, key('of', person), id) == 1 then
        redis.call('RPUSH', P .. 'round', person)
    end
    redis.call('HSET', P .. 'waiting', id, person)
end
local function drop(person, id)
    redis.call('LREM', key('of', person), 1, id)
    if redis.call('EXISTS', key('of', person)) == 0 then
        redis.call('LREM', P .. 'round', 1, person)
    end
    redis.call('HDEL', P .. 'waiting', id)
end
local function hold(id, member)
    redis.call('SADD', key('held', member), id)
    redis.call('HSET', key('live', id), 'holder', member)
end
"""

# id, person, member, door, longest line, most of one person, network; gives why not, and a number.
_ADMIT = """
local id, person = ARGV[1], ARGV[2]
if redis.call('HLEN', P .. 'waiting') >= tonumber(ARGV[5]) then return {'queue-full', 0} end
local running = redis.call('SCARD', key('person', person))
if running >= tonumber(ARGV[6]) then return {'busy', running} end
local free, mine = 0, redis.call('LLEN', key('of', person))
local turns = 1 + mine
for _, places in ipairs(redis.call('HVALS', P .. 'free')) do free = free + places end
for _, other in ipairs(redis.call('LRANGE', P .. 'round', 0, -1)) do
    if other ~= person then
        turns = turns + math.min(redis.call('LLEN', key('of', other)), mine + 1)
    end
end
redis.call('SADD', key('person', person), id)
redis.call('HSET', key('live', id), 'person', person, 'door', ARGV[4])
redis.call('HSET', key('live', id), 'network', ARGV[7] or '')
hold(id, ARGV[3])
keep('live', id) keep('person', person)
if free > redis.call('HLEN', P .. 'waiting') then turns = 0 end
return {'', turns}
"""

# id, member, submission, first messages, seconds until somebody must follow; gives whether.
_ENTER = """
local id = ARGV[1]
if redis.call('HGET', key('live', id), 'holder') ~= ARGV[2] then return 0 end
redis.call('SET', key('submission', id), ARGV[3])
redis.call('XADD', key('said', id), '*', 'at', 0, 'm', ARGV[4])
keep('submission', id) keep('said', id)
redis.call('HSET', key('live', id), 'holder', '', 'accepted', ARGV[4], 'entered', now())
redis.call('SET', key('followed', id), 1, 'EX', ARGV[5])
redis.call('SREM', key('held', ARGV[2]), id)
join(redis.call('HGET', key('live', id), 'person'), id, 'RPUSH')
return 1
"""

# member; gives an id, its submission, seconds that it waited, pairs of what else is known.
_TAKE = """
local person = redis.call('LPOP', P .. 'round')
if not person then return false end
local id = redis.call('LPOP', key('of', person))
if redis.call('EXISTS', key('of', person)) == 1 then
    redis.call('RPUSH', P .. 'round', person)
end
redis.call('HDEL', P .. 'waiting', id)
hold(id, ARGV[1])
if redis.call('HINCRBY', P .. 'free', ARGV[1], -1) < 1 then
    redis.call('HDEL', P .. 'free', ARGV[1])  -- until it says how many it has
end
local entered = redis.call('HGET', key('live', id), 'entered') or now()
return {id, redis.call('GET', key('submission', id)), tostring(now() - entered),
    redis.call('HGETALL', key('live', id))}
"""

# id, member; gives whether it was in line.
_WITHDRAW = """
local person = redis.call('HGET', P .. 'waiting', ARGV[1])
if not person then return 0 end
drop(person, ARGV[1])
hold(ARGV[1], ARGV[2])
return 1
"""

# id, member that held it; gives whether it is in line now.
_PUT_BACK = """
local id = ARGV[1]
local live = key('live', id)
if redis.call('HGET', live, 'holder') ~= ARGV[2] then return 0 end
if redis.call('EXISTS', key('submission', id)) == 0 then return 0 end
redis.call('SREM', key('held', ARGV[2]), id)
redis.call('HSET', live, 'holder', '')
join(redis.call('HGET', live, 'person'), id, 'LPUSH')
return 1
"""

# id, member, place of the first message, messages, whether they are the last ones.
_PUBLISH = """
local id, member = ARGV[1], ARGV[2]
local holder = redis.call('HGET', key('live', id), 'holder')
if not holder then return 'unknown' end
if holder ~= member then return 'not-held' end
redis.call('XADD', key('said', id), 'MAXLEN', '~', MOST_ENTRIES, '*',
    'at', ARGV[3], 'm', ARGV[4], 'end', ARGV[5])
local size = redis.call('HINCRBY', key('live', id), 'size', #ARGV[4])
if ARGV[5] == '1' then
    local wait = redis.call('HGET', key('live', id), 'wait')
    if wait then redis.call('XDEL', key('said', id), wait) end
    redis.call('SREM', key('person', redis.call('HGET', key('live', id), 'person')), id)
    redis.call('SREM', key('held', member), id)
    redis.call('HSET', key('live', id), 'holder', '', 'ended', 1)
    redis.call('DEL', key('submission', id), key('control', id), key('typed', id),
        key('followed', id))
    redis.call('EXPIRE', key('live', id), KEEP)
    redis.call('EXPIRE', key('said', id), KEEP)
    if redis.call('LPUSH', P .. 'ended', id .. '/' .. size) == 1 then
        redis.call('DEL', P .. 'ended-size')
    end
    local kept = redis.call('INCRBY', P .. 'ended-size', size)
    -- From the oldest one on, and no further than to the first that stays: thousands end in the
    -- time that each is kept.
    while true do
        local one = redis.call('LINDEX', P .. 'ended', -1)
        if not one then break end
        local old, its = one:match('(.*)/(%d+)')
        if kept <= KEEP_CHARACTERS and redis.call('EXISTS', key('said', old)) == 1 then break end
        redis.call('DEL', key('said', old), key('live', old))
        redis.call('RPOP', P .. 'ended')
        kept = redis.call('DECRBY', P .. 'ended-size', its)
    end
else
    keep('said', id)
end
return ''
"""

# id, member, waiting message: in place of the one before, so that only the latest is read.
_SAY_WAITING = """
local id = ARGV[1]
local live = key('live', id)
if redis.call('HGET', live, 'holder') ~= ARGV[2] then return 0 end
local before = redis.call('HGET', live, 'wait')
if before then redis.call('XDEL', key('said', id), before) end
redis.call('HSET', live, 'wait', redis.call('XADD', key('said', id), '*', 'w', ARGV[3]))
return 1
"""

# id, member, person, door, first message: what a worker knows that Redis has forgotten.
_ADOPT = """
local id = ARGV[1]
if redis.call('EXISTS', key('live', id)) == 1 then return 0 end
redis.call('HSET', key('live', id), 'person', ARGV[3], 'door', ARGV[4], 'accepted', ARGV[5])
redis.call('SADD', key('person', ARGV[3]), id)
hold(id, ARGV[2])
keep('live', id) keep('person', ARGV[3])
return 1
"""

# id: of no use any more, and never was in line.
_FORGET = """
local id = ARGV[1]
local person = redis.call('HGET', key('live', id), 'person')
if person then
    drop(person, id)
    redis.call('SREM', key('person', person), id)
    redis.call('SREM', key('held', redis.call('HGET', key('live', id), 'holder')), id)
end
redis.call('DEL', key('live', id), key('said', id), key('submission', id))
"""

# id, message, its typed bytes, the limit on these; gives why not.
_CONTROL = """
local id = ARGV[1]
local live = key('live', id)
if redis.call('EXISTS', live) == 0 or redis.call('HEXISTS', live, 'ended') == 1 then
    return 'not-running'
end
if redis.call('XLEN', key('control', id)) >= MOST_WAITING then return 'stdin-limit' end
if redis.call('INCRBY', key('typed', id), ARGV[3]) > tonumber(ARGV[4]) then
    return 'stdin-limit'
end
redis.call('XADD', key('control', id), '*', 'm', ARGV[2])
keep('control', id) keep('typed', id)
return ''
"""

_NUMBERS = {
    "MOST_ENTRIES": _MOST_ENTRIES,
    "KEEP_CHARACTERS": _KEEP_CHARACTERS,
    "MOST_WAITING": _MOST_WAITING,
    "KEEP": KEEP_SECONDS,
}


def key(kind: str, name: str = "") -> str:
    """The name of something in Redis."""
    return f"{_PREFIX}{kind}:{name}" if name else f"{_PREFIX}{kind}"


def connected() -> Any:  # redis-py's types do not know that answers are text here
    """A client for threads."""
    return redis.Redis.from_url(settings.REDIS_URL, **_HOW)


def connected_async() -> Any:
    """A client for the event loop that it is first used in."""
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, **_HOW)


class Steps:
    """The scripts above by name, on one client; what they give is the client's to await."""

    def __init__(self, client: Any) -> None:
        self.admit = _script(client, _ADMIT)
        self.enter = _script(client, _ENTER)
        self.take = _script(client, _TAKE)
        self.withdraw = _script(client, _WITHDRAW)
        self.put_back = _script(client, _PUT_BACK)
        self.publish = _script(client, _PUBLISH)
        self.say_waiting = _script(client, _SAY_WAITING)
        self.adopt = _script(client, _ADOPT)
        self.forget = _script(client, _FORGET)
        self.control = _script(client, _CONTROL)


def _script(client: Any, text: str) -> Callable[..., Any]:
    script = client.register_script(_with_numbers(text))
    return lambda *values: script(args=values)


@cache
def _with_numbers(text: str) -> str:
    for name, number in _NUMBERS.items():
        text = text.replace(name, str(number))
    return _COMMON + text
