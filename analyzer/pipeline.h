/* pipeline.h: connects the layers: capture, flows, model, diagnosis, outputs */
#ifndef LYNCSCOPE_PIPELINE_H
#define LYNCSCOPE_PIPELINE_H

#include "options.h"

/* Reads or watches what the options say and writes every output. `*failed` becomes true when a
 * sign-in that was shown failed. */
enum status pipeline_run(const struct options *options, bool *failed,
                         struct complaint *complaint) MUST_CHECK;

#endif
