#include "frames.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* A server that does not read for this long is gone, whatever its socket says. */
#define FRAME_STALL_MS 20000
#define ORDER_HEADER 5
#define READ_CHUNK 65536

static uint8_t nonce_in_use[NONCE_BYTES];
static size_t consumed; /* bytes of the reader's data that the last frame took */

static uint32_t big_endian_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void drop_consumed(struct frame_reader *reader)
{
    if (!consumed)
        return;
    memmove(reader->data, reader->data + consumed, reader->used - consumed);
    reader->used -= consumed;
    consumed = 0;
}

int frames_fill(struct frame_reader *reader)
{
    drop_consumed(reader);
    if (reader->room - reader->used < READ_CHUNK) {
        size_t room = reader->room ? reader->room * 2 : 2 * READ_CHUNK;
        uint8_t *data = realloc(reader->data, room);
        if (!data)
            _exit(71);
        reader->data = data;
        reader->room = room;
    }
    ssize_t count = read(STDIN_FILENO, reader->data + reader->used, READ_CHUNK);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    reader->used += (size_t)count;
    return count ? 1 : -1;
}

int frames_next(struct frame_reader *reader, struct frame *frame)
{
    drop_consumed(reader);
    if (reader->used < ORDER_HEADER)
        return 0;
    uint32_t length = big_endian_32(reader->data + 1);
    if (length > FRAME_MAX)
        _exit(76);
    if (reader->used < ORDER_HEADER + (size_t)length)
        return 0;
    frame->type = reader->data[0];
    frame->payload = reader->data + ORDER_HEADER;
    frame->length = length;
    consumed = ORDER_HEADER + (size_t)length;
    return 1;
}

void frames_use_nonce(const uint8_t nonce[NONCE_BYTES])
{
    memcpy(nonce_in_use, nonce, NONCE_BYTES);
}

static void write_all(struct iovec *part, int count)
{
    while (count) {
        struct pollfd room = {STDOUT_FILENO, POLLOUT, 0};
        if (poll(&room, 1, FRAME_STALL_MS) <= 0)
            _exit(74);
        ssize_t written = writev(STDOUT_FILENO, part, count);
        if (written < 0) {
            if (errno == EINTR || errno == EAGAIN)
                continue;
            _exit(74);
        }
        while (count && (size_t)written >= part->iov_len) {
            written -= (ssize_t)part->iov_len;
            part++, count--;
        }
        if (count) {
            part->iov_base = (char *)part->iov_base + written;
            part->iov_len -= (size_t)written;
        }
    }
}

void frames_send2(enum event_type type, const void *head, size_t head_length, const void *tail,
                  size_t tail_length)
{
    size_t length = head_length + tail_length;
    uint8_t header[5 + NONCE_BYTES] = {(uint8_t)type, (uint8_t)(length >> 24),
                                       (uint8_t)(length >> 16), (uint8_t)(length >> 8),
                                       (uint8_t)length};
    memcpy(header + 5, nonce_in_use, NONCE_BYTES);
    struct iovec parts[3] = {{header, sizeof header},
                             {(void *)head, head_length},
                             {(void *)tail, tail_length}};
    write_all(parts, 3);
}

void frames_send(enum event_type type, const void *payload, size_t length)
{
    frames_send2(type, payload, length, NULL, 0);
}

void frames_print(enum event_type type, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof text)
        length = sizeof text - 1;
    frames_send(type, text, (size_t)length);
}

void die(const char *reason)
{
    frames_print(EVENT_VERDICT, "cause=supervisor\nreason=%s\n", reason);
    _exit(70);
}
