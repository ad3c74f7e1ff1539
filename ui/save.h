/* save.h: what can be written to a file, and under which name */
#ifndef UI_SAVE_H
#define UI_SAVE_H

#include "ui/view.h"

enum save_form { SAVE_TEXT, SAVE_JSON, SAVE_HTML, SAVE_PACKETS };
enum save_subject {
    SAVE_SCREEN, /* as it is */
    SAVE_LADDER, /* of one sign-in, in full */
    SAVE_STEP,   /* its message, in full */
    SAVE_SIGNIN,
    SAVE_SIGNINS, /* those of the list */
};

struct save_choice {
    enum save_subject subject;
    enum save_form form;
};

enum { SAVE_CHOICES_MAX = 16 };

/* What is to be saved, kept from the moment the key was pressed; ids only. */
struct save_matter {
    unsigned signin, step; /* 0: none */
    struct text glass;
    struct buffer listed; /* ids of the list, in their order */
};

bool save_matter_take(struct save_matter *matter,
                      const struct target *target);         /* false: no memory */
size_t save_matter_count(const struct save_matter *matter); /* sign-ins of the list */
void save_matter_release(struct save_matter *matter);

size_t save_choices(const struct save_matter *matter, struct save_choice choices[SAVE_CHOICES_MAX]);
void save_describe(struct text *out, const struct save_matter *matter,
                   const struct save_choice *choice);
/* A name that no file here has yet. */
void save_propose(struct text *out, const struct save_matter *matter,
                  const struct save_choice *choice);

/* The report with nothing but the sign-ins of that choice that are still there. */
struct save_part {
    struct report report;
    const struct signin **signins;
    size_t capacity;
};
bool save_part_take(struct save_part *part, const struct save_matter *matter,
                    const struct save_choice *choice, const struct scene *scene);
void save_part_release(struct save_part *part);

/* Writes everything but packets, which take their time: packet_copy_begin. */
void save_write(FILE *out, const struct save_matter *matter, const struct save_choice *choice,
                const struct scene *scene);

#endif
