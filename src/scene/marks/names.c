/* The names of runs where there is little room: without what all of them begin with, and cut so
 * that they can still be told apart. */
#include "scene/marks/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scene/marks/letters.h"

#define TAIL_MOST 0.6 /* of the width: the end of a name that is cut in its middle */

/* The setting that stands in a title at a place of its sweeps; NULL past the last. */
static const struct orl_told *told_at(const struct orl_film_run *run, unsigned place)
{
    for (size_t i = 0; i < run->told_count; i++)
        if (run->told[i].swept == place)
            return &run->told[i];
    return NULL;
}

static bool all_told(const struct names *names, size_t begin, size_t count, unsigned place)
{
    const struct orl_told *first = told_at(&names->runs[begin], place);
    for (size_t i = begin + 1; i < begin + count; i++) {
        const struct orl_told *other = told_at(&names->runs[i], place);
        if (!first || !other || !orl_told_same(first, other))
            return false;
    }
    return first != NULL;
}

size_t orl_names_shared(const struct names *names, size_t begin, size_t count)
{
    const struct orl_film_run *first = &names->runs[begin];
    for (size_t i = begin; i < begin + count; i++) {
        const struct orl_film_run *run = &names->runs[i];
        if (count < 2 || !run->base || !first->base || strcmp(run->base, first->base) != 0 ||
            !told_at(run, 1))
            return 0;
    }
    size_t length = strlen(first->base) + strlen(", ");
    for (unsigned place = 1; told_at(first, place + 1) && all_told(names, begin, count, place);
         place++)
        length += strlen(told_at(first, place)->brief) + strlen(" ") +
                  strlen(told_at(first, place)->text) + strlen(", ");
    return length;
}

/* A name that was cut to `cut` (with its ellipsis): does another run's begin with the same letters?
 */
static bool is_ambiguous(const struct names *names, size_t run, size_t from, const char *cut)
{
    size_t kept = strlen(cut) > strlen("…") ? strlen(cut) - strlen("…") : 0;
    for (size_t i = 0; i < names->count; i++)
        if (i != run && strncmp(names->runs[i].title + from, cut, kept) == 0)
            return true;
    return false;
}

static size_t character_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* Where a name departs from all others, from the beginning of that word on. */
static const char *own_words(const struct names *names, size_t run, size_t from)
{
    const char *name = names->runs[run].title + from;
    size_t most = 0;
    for (size_t i = 0; i < names->count; i++) {
        const char *other = names->runs[i].title + from;
        size_t same = 0;
        while (name[same] && name[same] == other[same])
            same++;
        most = i != run && same > most ? same : most;
    }
    do /* the letter before belongs to it: "long" and "longer" depart behind it */
        most -= most > 0;
    while (most > 0 && name[most] != ' ');
    return name + most;
}

/* "mom… 0.95": its own words, or as much of the end as takes about half of the room, and what fits
 * of the beginning. */
static char *fit_ends(const struct names *names, size_t run, size_t from, double width)
{
    double size = names->size;
    const char *name = names->runs[run].title + from, *tail = own_words(names, run, from);
    while (*tail && orl_letters_width(names->measure, tail, size, true) > TAIL_MOST * width)
        do
            tail++;
        while (((unsigned char)*tail & 0xc0) == 0x80);
    for (size_t length = (size_t)(tail - name); length > 0;) {
        length = character_start(name, length - 1);
        bool space = length > 0 && name[length - 1] == ' ';
        char *shorter = space ? NULL : orl_asprintf("%.*s…%s", (int)length, name, tail);
        if (!space && (!shorter || orl_letters_width(names->measure, shorter, size, true) <= width))
            return shorter;
        free(shorter);
    }
    return orl_letters_fit(names->measure, name, size, true, width);
}

enum { CROWD = 8 }; /* more runs than that need not say each what all have in common */

char *orl_names_fit(const struct names *names, size_t run, double width)
{
    double size = names->size;
    size_t longest = run, from = 0;
    for (size_t i = 0; i < names->count; i++)
        longest = strlen(names->runs[i].title) > strlen(names->runs[longest].title) ? i : longest;
    if (names->count > CROWD ||
        orl_letters_width(names->measure, names->runs[longest].title, size, true) > width)
        from = orl_names_shared(names, 0, names->count);
    const char *name = names->runs[run].title + from;
    char *fitted = orl_letters_fit(names->measure, name, size, true, width);
    if (!fitted || strcmp(fitted, name) == 0 || !is_ambiguous(names, run, from, fitted))
        return fitted;
    free(fitted);
    return fit_ends(names, run, from, width);
}

char *orl_names_fit_title(const struct names *names, size_t run, double width)
{
    bool fits =
        orl_letters_width(names->measure, names->runs[run].title, names->size, true) <= width;
    return fits ? orl_strdup(names->runs[run].title) : orl_names_fit(names, run, width);
}

double orl_names_widest(const struct names *names, double most)
{
    double size = names->size, all = 0.0, own = 0.0;
    size_t shared = orl_names_shared(names, 0, names->count);
    for (size_t i = 0; i < names->count; i++) {
        all = fmax(all, orl_letters_width(names->measure, names->runs[i].title, size, true));
        own =
            fmax(own, orl_letters_width(names->measure, names->runs[i].title + shared, size, true));
    }
    return all > most ? own : all;
}
