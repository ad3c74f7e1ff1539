/* folds.c: which groups of the list are folded */
#include "ui/roster.h"

static size_t find_key(const struct folds *folds, uint64_t key)
{
    size_t i = 0;

    while (i < folds->count && folds->keys[i] != key)
        i++;
    return i;
}

bool folds_has(const struct folds *folds, uint64_t key)
{
    return (find_key(folds, key) < folds->count) != folds->all;
}

void folds_set(struct folds *folds, uint64_t key, bool folded)
{
    size_t i = find_key(folds, key);
    bool listed = folded != folds->all;

    if (listed && i == folds->count && folds->count < FOLDS_MAX)
        folds->keys[folds->count++] = key;
    else if (!listed && i < folds->count)
        folds->keys[i] = folds->keys[--folds->count];
}

void folds_set_all(struct folds *folds, bool folded)
{
    folds->all = folded;
    folds->count = 0;
}
