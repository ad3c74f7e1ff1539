/* ui_fixture_proof.h: sign-ins with a certificate, five hosts, and packets in a real file */
#ifndef UI_FIXTURE_PROOF_H
#define UI_FIXTURE_PROOF_H

#include "lyncscope/report.h"

const struct signin *ui_proof_signins(size_t *count);
/* A capture with the packets that the last of them tells of: a descriptor to close, and its path.
 */
int ui_proof_capture(char path[64]);

#endif
