/* exact.h: test data in heap blocks of exactly its size, where every overread is seen */
#ifndef LYNCSCOPE_TESTS_EXACT_H
#define LYNCSCOPE_TESTS_EXACT_H

#include "lyncscope/slice.h"

struct slice exact_copy(struct slice bytes); /* release with exact_free */
struct slice exact_text(const char *text);
void exact_free(struct slice bytes);

#endif
