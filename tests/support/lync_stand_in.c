/* lync_stand_in.c: gives way to the real reader of exchanges when there is one */
#include "dissectors/lync_exchange.h"

__attribute__((weak)) bool lync_path_is_ours(struct slice host, struct slice target)
{
    return slice_starts_with_nocase(host, "lync") ||
           slice_starts_with_nocase(target, "/autodiscover/");
}

__attribute__((weak)) bool lync_request_is_ours(const struct http_request *request)
{
    return lync_path_is_ours(request->host, request->target);
}

__attribute__((weak)) void lync_exchange_read(struct http_exchange *exchange, struct arena *arena)
{
    (void)exchange;
    (void)arena;
}
