/* What the columns of other programs' logs are, by the words of their names. */
#include <string.h>

#include "base/array.h"
#include "optreel/trace.h"

enum { WORDS_MAX = 24, WORD_SIZE = 24 };

struct words {
    size_t count, last_part;         /* the first word behind the last '/' or '.', or " - " */
    char word[WORDS_MAX][WORD_SIZE]; /* lower case */
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* "Loss_train", "valLoss", "train/box-loss": letters and digits between anything else; a capital
 * after a small letter begins a word. */
static void words_split(const char *name, struct words *out)
{
    size_t length = 0;
    *out = (struct words){0};
    for (const char *p = name; *p && out->count < WORDS_MAX; p++) {
        char c = lower(*p);
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
        bool begins = length > 0 && c != *p && p > name && lower(p[-1]) == p[-1] && p[-1] >= 'a' &&
                      p[-1] <= 'z';
        if (length > 0 && (!letter || begins)) {
            out->count++;
            length = 0;
        }
        if (*p == '/' || *p == '.')
            out->last_part = out->count;
        if (letter && out->count < WORDS_MAX && length + 1 < WORD_SIZE)
            out->word[out->count][length++] = c;
    }
    out->count += length > 0 && out->count < WORDS_MAX;
}

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static bool has_word(const struct words *words, size_t from, const char *const *list)
{
    for (size_t i = from; i < words->count; i++)
        if (is_one_of(words->word[i], list))
            return true;
    return false;
}

/* No word from `from` on but those of the list and "loss", which is there. */
static bool is_loss_but_for(const struct words *words, size_t from, const char *const *list)
{
    bool found = false;
    for (size_t i = from; i < words->count; i++) {
        bool loss = strcmp(words->word[i], "loss") == 0 || strcmp(words->word[i], "losses") == 0;
        if (!loss && !is_one_of(words->word[i], list))
            return false;
        found |= loss;
    }
    return found;
}

static const char *const training[] = {"train", "training", "total", "tr", NULL};
static const char *const counting[] = {"train", "training", "total",  "tr",      "epoch",
                                       "step",  "batch",    "iter",   "average", "avg",
                                       "mean",  "running",  "smooth", "learn",   NULL};
static const char *const validating[] = {"val",  "valid", "validation", "eval",    "evaluation",
                                         "test", "dev",   "testing",    "holdout", NULL};

bool orl_series_has_word(const char *name, const char *const *list)
{
    struct words words;
    words_split(name, &words);
    return has_word(&words, 0, list);
}

bool orl_series_is_validation(const char *name)
{
    struct words words;
    words_split(name, &words);
    return has_word(&words, 0, validating);
}

bool orl_series_is_loss(const char *name)
{
    struct words words;
    words_split(name, &words);
    for (size_t i = 0; i < words.count; i++)
        if (strstr(words.word[i], "loss"))
            return true;
    return false;
}

bool orl_series_is_rate(const char *name)
{
    static const char *const rates[] = {"lr", "lrs", "learningrate", NULL};
    struct words words;
    words_split(name, &words);
    if (has_word(&words, 0, rates))
        return true;
    for (size_t i = 0; i + 1 < words.count; i++)
        if (strcmp(words.word[i], "learning") == 0 && strcmp(words.word[i + 1], "rate") == 0)
            return true;
    return false;
}

int orl_series_loss_rank(const char *name)
{
    static const char *const none[] = {NULL};
    static const char *const errors[] = {"rmse",       "mse",  "mae",       "logloss",
                                         "nll",        "cost", "objective", "crossentropy",
                                         "perplexity", "ppl",  "error",     NULL};
    struct words words;
    words_split(name, &words);
    if (words.count == 0 || has_word(&words, 0, validating))
        return ORL_SERIES_NO_LOSS;
    if (is_loss_but_for(&words, 0, none))
        return 0;
    if (is_loss_but_for(&words, words.last_part, training))
        return 1;
    if (is_loss_but_for(&words, 0, counting))
        return 2;
    if (orl_series_is_loss(name))
        return 3;
    return has_word(&words, words.last_part, errors) ? 4 : ORL_SERIES_NO_LOSS;
}
