/* rule.h: what can be wrong, how it shows, what to do
 *
 * One table, analyzer/diagnosis/rules*.c; ids are those of the failure
 * catalogue and are stable.  Texts hold placeholders that are filled from the
 * finding: {name} {domain} {client} {server} {user} {status} {url} {host}
 * {detail}.
 */
#ifndef LYNCSCOPE_RULE_H
#define LYNCSCOPE_RULE_H

#include "lyncscope/capture.h"
#include "lyncscope/signin.h"

struct diagnosis; /* analyzer/diagnosis/diagnose.h */

struct rule {
    const char *id;
    enum severity severity;
    enum stage stage;
    void (*find)(struct diagnosis *diagnosis, const struct rule *rule); /* adds findings */
    int argument;      /* for `find`, where rules share one */
    const char *title; /* with placeholders */
    const char *cause;
    const char *fix;
    const char *user_sees; /* or NULL */
    const char *wire;      /* how it looks on the wire */
    const char *reference;
    const char *result; /* a few words for a list */
};

size_t rule_count(void);
const struct rule *rule_at(size_t index);
const struct rule *rule_find(const char *id); /* NULL: no such rule */

/* What is known beside one sign-in. */
struct capture_facts {
    int64_t first_time_ns, last_time_ns;
    const uint64_t *drops;       /* per input */
    const bool *broke_off;       /* per input */
    const uint64_t *cut_packets; /* per input */
    const struct input_info *inputs;
    size_t input_count;
    bool has_keys; /* the user, or a capture, gave something to decrypt with */
};

/* Data went over it that could not be read, or not all of it. */
bool tls_is_unread(const struct tls_session *tls);
/* Why a connection could not be decrypted, as the end of a sentence; the same of several. */
const char *tls_obstacle_text(enum tls_obstacle obstacle, bool has_keys);
const char *tls_obstacles_text(enum tls_obstacle obstacle, bool has_keys);

/* Finds what is wrong with a sign-in and how it ended; writes its outcome fields. */
void diagnose_signin(struct model *model, struct signin *signin, const struct capture_facts *facts);

enum { CAPTURE_FINDINGS_MAX = 64 };

/* What belongs to no single sign-in; texts live in `arena`. Returns how many there are, at most
 * CAPTURE_FINDINGS_MAX. */
size_t diagnose_capture(struct model *model, const struct capture_facts *facts, struct arena *arena,
                        struct finding *findings);

enum { PATTERNS_MAX = 12 };
/* What shows only across sign-ins that were judged: sentences in `arena`, each with its proof.
 * Returns how many there are. */
size_t diagnose_patterns(struct model *model, const struct capture_facts *facts,
                         struct arena *arena, const char *patterns[PATTERNS_MAX]);

#endif
