/* link.h: which link types are understood, and those whose finders have files of their own */
#ifndef CAPTURE_LINK_H
#define CAPTURE_LINK_H

#include "lyncscope/cursor.h"

/* False: known by name at most, link_find_ip yields nothing. */
bool link_is_read(int link_type);

/* Each yields the IP packet, or an empty slice. */
struct slice link_find_by_ethertype(struct cursor *in, uint16_t ethertype);
struct slice link_find_in_llc(struct cursor *in); /* IEEE 802.2, with SNAP */
struct slice link_find_raw(struct cursor *in);    /* by the version it begins with */
struct slice link_find_in_ppp(struct cursor *in);
struct slice link_find_in_pppoe(struct cursor *in);
struct slice link_find_in_wlan(struct cursor *in);
struct slice link_find_in_radiotap(struct cursor *in);

#endif
