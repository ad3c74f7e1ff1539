/* path.h: which service and resource a request is for, by path, host name and headers */
#ifndef LYNCSCOPE_DISSECTORS_PATH_H
#define LYNCSCOPE_DISSECTORS_PATH_H

#include "lyncscope/lync.h"

struct place {
    enum service service;
    enum resource resource;
    bool ours;
};

/* `lync_headers`: something else in the request speaks of Lync. */
struct place path_place(struct slice host, struct slice target, bool lync_headers);

#endif
