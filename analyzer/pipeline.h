/* pipeline.h: from inputs to outputs, through every layer */
#ifndef LYNCSCOPE_PIPELINE_H
#define LYNCSCOPE_PIPELINE_H

#include "options.h"

/* Refused: it could not be done, the complaint says why; several lines may have been said before.
 * Otherwise `any_failed` tells whether a sign-in that was shown failed. */
enum status pipeline_run(const struct options *options, bool *any_failed,
                         struct complaint *complaint) MUST_CHECK;

#endif
