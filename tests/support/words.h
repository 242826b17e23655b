/* The words of a frame as lines of text, as a reader meets them, and facts about them. */
#ifndef ORL_TESTS_WORDS_H
#define ORL_TESTS_WORDS_H

#include "base/text.h"
#include "optreel/scene.h"

enum { FRAME_WORDS = 512 };

struct frame_words {
    const struct orl_film *film;
    size_t frame, count;
    struct orl_picture still, moving;
    struct frame_word {
        const char *text; /* in the pictures */
        double x, y, size;
    } words[FRAME_WORDS];  /* from top to bottom, then from left to right */
    struct orl_text lines; /* the words of one baseline on a line, " | " between them */
};

void frame_words_read(const struct orl_film *film, size_t frame, struct frame_words *out);
void frame_words_release(struct frame_words *words);
/* Add a text in which spaces that do not break and thin ones read as spaces. */
void frame_words_append(struct orl_text *out, const char *text);
/* All words, a line for each baseline. */
const char *frame_words_all(const struct frame_words *words);

/* The kinds of facts: "+" these words stand on one line, "-" they stand nowhere, "caption" what a
 * reader of captions gets ("first | second"), "order" names one above the other ("A, B, C"),
 * "at-step" the step that the frame shows. */
bool frame_words_knows(const char *kind);
bool frame_words_hold(const struct frame_words *words, const char *kind, const char *what);

#endif
