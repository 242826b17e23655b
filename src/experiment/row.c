/* What a row says. */
#include <string.h>

#include "experiment/key.h"

const struct key *orl_key_find(const struct key_map *kind, const char *name)
{
    for (const struct key *row = kind->rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

double orl_key_maximum(const struct key *key, const struct orl_limits *limits)
{
    uint64_t limit;
    if (!key->limit)
        return key->maximum;
    memcpy(&limit, (const char *)limits + key->limit - 1, sizeof limit);
    return (double)limit;
}

const char *orl_key_choice_name(const struct key *key, size_t i)
{
    return key->choices ? key->choices[i] : key->choice(i);
}
