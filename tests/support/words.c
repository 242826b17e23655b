/* The words of a frame as lines of text. */
#include "support/words.h"

#include <stdlib.h>
#include <string.h>

#include "support/stage.h"

static void words_collect(struct frame_words *w, const struct orl_picture *picture)
{
    for (size_t i = 0; i < picture->count && w->count < FRAME_WORDS; i++) {
        const struct orl_mark *m = &picture->marks[i];
        const double *at = picture->points + 2 * m->first;
        if (m->kind == ORL_MARK_TEXT && m->color.a > 0.0)
            w->words[w->count++] =
                (struct frame_word){picture->text + m->text, at[0], at[1], m->size};
    }
}

/* Baselines less than a third of the text apart are one line. */
static bool words_share_line(const struct frame_word *a, const struct frame_word *b)
{
    return fabs(a->y - b->y) < 0.33 * fmin(a->size, b->size);
}

static int words_compare(const void *a, const void *b)
{
    const struct frame_word *one = a, *two = b;
    double difference = words_share_line(one, two) ? one->x - two->x : one->y - two->y;
    return (difference > 0.0) - (difference < 0.0);
}

void frame_words_append(struct orl_text *out, const char *text)
{
    for (; *text; text++)
        if (strncmp(text, "\u00a0", 2) == 0)
            orl_text_putc(out, ' '), text++;
        else if (strncmp(text, "\u2009", 3) == 0 || strncmp(text, "\u202f", 3) == 0)
            orl_text_putc(out, ' '), text += 2;
        else
            orl_text_putc(out, *text);
}

void frame_words_read(const struct orl_film *film, size_t frame, struct frame_words *out)
{
    *out = (struct frame_words){.film = film, .frame = frame};
    assert_int_equal(orl_film_still(film, orl_film_part(film, frame), &out->still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, frame, &out->moving, NULL), ORL_OK);
    words_collect(out, &out->still);
    words_collect(out, &out->moving);
    qsort(out->words, out->count, sizeof *out->words, words_compare);
    for (size_t i = 0; i < out->count; i++) {
        if (i > 0)
            orl_text_puts(&out->lines,
                          words_share_line(&out->words[i - 1], &out->words[i]) ? " | " : "\n");
        frame_words_append(&out->lines, out->words[i].text);
    }
    orl_text_putc(&out->lines, '\n');
}

void frame_words_release(struct frame_words *words)
{
    orl_picture_uninit(&words->still);
    orl_picture_uninit(&words->moving);
    orl_text_uninit(&words->lines);
}

const char *frame_words_all(const struct frame_words *words)
{
    return words->lines.data;
}

/* "A, B, C": a line that holds B comes after the first that holds A, and so on. */
static bool words_in_order(const char *lines, const char *names)
{
    char copy[512], *rest = copy;
    snprintf(copy, sizeof copy, "%s", names);
    while (lines && rest) {
        char *name = rest + strspn(rest, " "), *comma = strchr(name, ',');
        if (comma)
            *comma = '\0';
        rest = comma ? comma + 1 : NULL;
        lines = strstr(lines, name);
        lines = lines && rest ? strchr(lines, '\n') : lines;
    }
    return lines != NULL;
}

static bool words_caption(const struct frame_words *w, const char *wanted)
{
    struct orl_words words;
    char told[2 * ORL_WORDS_SIZE + 4];
    orl_film_words(w->film, w->frame, &words);
    snprintf(told, sizeof told, "%s%s%s", words.line[0], *words.line[1] ? " | " : "",
             words.line[1]);
    return strcmp(told, wanted) == 0;
}

bool frame_words_knows(const char *kind)
{
    static const char *const kinds[] = {"+", "-", "caption", "order", "at-step", "print"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

bool frame_words_hold(const struct frame_words *words, const char *kind, const char *what)
{
    switch (*kind) {
    case '+':
        return strstr(words->lines.data, what) != NULL;
    case '-':
        return strstr(words->lines.data, what) == NULL;
    case 'o':
        return words_in_order(words->lines.data, what);
    case 'p':
        printf("%s", words->lines.data);
        return true;
    case 'c':
        return words_caption(words, what);
    default:
        return orl_film_step(words->film, words->frame) == strtoll(what, NULL, 10);
    }
}
