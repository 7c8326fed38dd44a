/* The byte protocol between the server and the supervisor.
 *
 * Server to supervisor, on standard input:   type(1) length(4, big endian) payload
 * Supervisor to server, on standard output:  type(1) length(4, big endian) nonce(16) payload
 *
 * The nonce comes from the server in the order's configuration and is random
 * for each execution; a frame without it did not come from the supervisor.
 * Frames sent before the order (EVENT_READY) carry 16 zero bytes.
 */
#ifndef CLOISTER_FRAMES_H
#define CLOISTER_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#define NONCE_BYTES 16
/* One data file may fill a frame; everything else is far smaller. */
#define FRAME_MAX (16u << 20)

enum order_type {
    ORDER_CONFIG = 'L',   /* lines of key=value */
    ORDER_PREPARE = 'Q',  /* before all others: the part of the configuration known beforehand */
    ORDER_ARGUMENT = 'A', /* one program argument */
    ORDER_FILE = 'F',     /* path NUL content: put below the project folder */
    ORDER_DATA = 'D',     /* the same, but added after the compile: only the program reads it */
    ORDER_UNIT = 'U',     /* path of a C file to compile; it was sent as a file before */
    ORDER_SYMBOLS = 'P',  /* names that an object may leave undefined, each ended by NUL */
    ORDER_GO = 'G',       /* the order is complete: compile and run */
    ORDER_STDIN = 'I',    /* bytes for the program's standard input */
    ORDER_EOF = 'E',      /* no more standard input */
    ORDER_SIGNAL = 'K',   /* one byte: the number of a signal for the program */
    ORDER_RESIZE = 'W',   /* two 16-bit numbers, big endian: columns, rows */
    ORDER_STOP = 'X',     /* end whatever is going on */
};

enum event_type {
    EVENT_READY = 'R',    /* lines of key=value: which walls stand here */
    EVENT_STAGE = 'S',    /* compile, link or run */
    EVENT_COMPILER = 'M', /* what the compiler says */
    EVENT_STDOUT = 'O',   /* what the program prints; a terminal's output too */
    EVENT_STDERR = 'E',
    EVENT_SYMBOL = 'U',   /* a name that an object wants and the order does not list */
    EVENT_OBJECT = 'J',   /* word NUL name: what else the link check refused, see object.h */
    EVENT_READ = 'C',     /* a project file that the compiler read, by the compiler's name for it */
    EVENT_OPENED = 'H',   /* a file outside of project and include tree that the compiler read */
    EVENT_PATH = 'P',     /* line:file NUL path: a file outside of the project, asked for in vain;
                             “0:” where the line of the program that asked is not known */
    EVENT_BLOCKED = 'B',  /* lines of key=value: the system call that was refused */
    EVENT_LIMIT = 'N',    /* a limit that the program met and outlived: open-files or work-space */
    EVENT_WAITING = 'W',  /* decimal: the program waits for input, and so many milliseconds are left
                             until the idle limit; empty: it computes again */
    EVENT_TEXT = 'T',     /* what a tool made: assembler text, a formatted source */
    EVENT_FILE = 'F',     /* size(8, big endian) kept(1) path NUL content */
    EVENT_VERDICT = 'V',  /* lines of key=value; always the last frame */
};

/* Bytes read from the server that do not make a whole frame yet. */
struct frame_reader {
    uint8_t *data;
    size_t used, room;
};

struct frame {
    uint8_t type;
    const uint8_t *payload; /* valid until the next call on the same reader */
    uint32_t length;
};

/* Read what standard input has to give. 1: something came; 0: nothing now; -1: end of input. */
int frames_fill(struct frame_reader *reader);
/* The next whole frame: 1, or 0 if none is complete. Ends the process on a frame too large. */
int frames_next(struct frame_reader *reader, struct frame *frame);

void frames_use_nonce(const uint8_t nonce[NONCE_BYTES]);
/* Send one event. Ends the process if the server does not take it within FRAME_STALL_MS. */
void frames_send(enum event_type type, const void *payload, size_t length);
void frames_send2(enum event_type type, const void *head, size_t head_length, const void *tail,
                  size_t tail_length);
/* The sandbox cannot go on: say why in a verdict, and end. */
void die(const char *reason) __attribute__((noreturn));
/* printf into one event; for short texts. */
void frames_print(enum event_type type, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
