/* url.h: parts of a request target; url_parse for whole URLs is in lyncscope/lync.h */
#ifndef LYNCSCOPE_DISSECTORS_URL_H
#define LYNCSCOPE_DISSECTORS_URL_H

#include "lyncscope/lync.h"

/* Of a target in origin or absolute form; neither holds the fragment. */
struct slice target_path(struct slice target);  /* no query; "/" when an absolute one has none */
struct slice target_query(struct slice target); /* no question mark */
struct slice host_name(struct slice host);      /* a Host header without port and brackets */

#endif
