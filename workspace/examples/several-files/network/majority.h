#ifndef MAJORITY_H
#define MAJORITY_H

#include <fann.h>

/* A network that says whether most of five inputs are on; NULL if the data cannot be read. */
struct fann *majority_train(const char *data_name);

/* How much of the data it gets right, from 0 to 1. */
double majority_share_right(struct fann *network, const char *data_name);

#endif
