/* facts_mobility.h: questions about the mobility service that rules and the verdict share */
#ifndef LYNCSCOPE_DIAGNOSIS_FACTS_MOBILITY_H
#define LYNCSCOPE_DIAGNOSIS_FACTS_MOBILITY_H

#include "diagnose.h"

/* Lync 2010 Mobile uses Mcx, Lync 2013 and Skype for Business Mobile use UCWA. */
enum mobile_client { MOBILE_UNKNOWN, MOBILE_2010, MOBILE_2013 };

enum mobile_client mobility_client(const struct signin *signin);
bool mobility_is_creation(const struct step *step); /* POST .../applications with a ticket */
/* The id in ".../applications/<id>/..."; empty: none. */
struct slice mobility_application_id(struct slice path);
/* The application was made in this sign-in, and less than five minutes later nobody knows it. */
bool mobility_is_lost(const struct diagnosis *d, const struct step *step);
const struct step *mobility_creation_of(const struct diagnosis *d, const struct step *step);
/* A long poll that was cut off at the same age as another one. */
bool mobility_is_cut_poll(const struct diagnosis *d, const struct step *step);
/* How old a long poll was when it was cut off; -1: it was not. */
int64_t mobility_cut_age_ns(const struct step *step);
/* What the mobility service said last, probes and sign-outs aside; NULL: nothing. */
const struct step *mobility_last_word(const struct diagnosis *d);
/* Its last word was no.  The client may well get another ticket then: that is no progress. */
bool mobility_has_refused_at(const struct diagnosis *d, const struct step *step);
/* It was to enter the mobility service, and is not in: verdict_mobility.c */
bool mobility_failed(const struct diagnosis *d);

#endif
