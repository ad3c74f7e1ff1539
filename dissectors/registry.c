/* registry.c: the dissectors, in the order in which first bytes are shown to them */
#include "lyncscope/dissector.h"

const struct dissector *const dissectors[] = {
    NULL,
};
