/* What witness.c, in the program, and crash.c, in the supervisor, have agreed on. */
#ifndef CLOISTER_WITNESS_H
#define CLOISTER_WITNESS_H

/* The sixth argument of a tgkill whose fourth and fifth are a fault's instruction and stack
 * pointers. Only so that raise() is not taken for one: it proves nothing. */
#define WITNESS_MARK 0x6661756c74

#endif
