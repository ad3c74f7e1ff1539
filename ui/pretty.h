/* pretty.h: documents indented for reading, whatever state they are in
 *
 * Works on bytes, keeps no tree, never fails: what does not parse is passed on
 * as it is.  Output has one line feed a line and is not escaped.
 */
#ifndef UI_PRETTY_H
#define UI_PRETTY_H

#include "lyncscope/text.h"

void pretty_xml(struct text *out, struct slice document);
void pretty_json(struct text *out, struct slice document);
/* By its first character; forms get one line a field; anything else stays as it is. */
void pretty_body(struct text *out, struct slice content_type, struct slice body);
/* UTF-16 with a byte order mark or with NULs as it has them becomes UTF-8; false: it is not UTF-16.
 */
bool pretty_from_utf16(struct text *out, struct slice body);

#endif
