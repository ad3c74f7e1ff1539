/* references.h: where a rule's knowledge comes from, spelled out */
#ifndef LYNCSCOPE_REPORT_REFERENCES_H
#define LYNCSCOPE_REPORT_REFERENCES_H

#include "lyncscope/text.h"

/* "SEED4; NLMP" in words; what is no key stays as it is. */
void references_spell(struct text *out, const char *references);

#endif
