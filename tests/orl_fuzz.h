/* Fuzzing inside the test suite: the same mutations every time. Where a fuzzer's own main is linked
 * (-fsanitize=fuzzer), it drives LLVMFuzzerTestOneInput itself. */
#ifndef ORL_FUZZ_H
#define ORL_FUZZ_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What must hold of every input; a fuzzer takes the abort for a find. */
#define fuzz_require(holds) fuzz_check((holds), #holds, __FILE__, __LINE__)
static inline void fuzz_check(bool holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

#ifdef ORL_FUZZER_MAIN
#define FUZZ_SEEDS(...)
#define FUZZ_WORDS(...)
#define FUZZ_MAIN(target, rounds)
#else
/* The inputs that mutations start from, and what is put into them. */
#define FUZZ_SEEDS(...)                                                                            \
    static size_t fuzz_seeds(const char **out)                                                     \
    {                                                                                              \
        const char *const seeds[] = {__VA_ARGS__};                                                 \
        memcpy(out, seeds, sizeof seeds);                                                          \
        return sizeof seeds / sizeof *seeds;                                                       \
    }
#define FUZZ_WORDS(...) static const char *const fuzz_words[] = {__VA_ARGS__};
/* Replay what is kept in tests/fuzz/TARGET/, then mutations of the seeds. */
#define FUZZ_MAIN(target, rounds)                                                                  \
    int main(void)                                                                                 \
    {                                                                                              \
        const char *seeds[64];                                                                     \
        size_t count = fuzz_seeds(seeds);                                                          \
        return fuzz_replay(target) ||                                                              \
               fuzz_run(seeds, count, fuzz_words, sizeof fuzz_words / sizeof *fuzz_words, rounds); \
    }
static uint64_t fuzz_state = 88172645463325252u;

static size_t fuzz_below(size_t bound)
{
    fuzz_state ^= fuzz_state << 13;
    fuzz_state ^= fuzz_state >> 7;
    fuzz_state ^= fuzz_state << 17;
    return bound ? (size_t)(fuzz_state % bound) : 0;
}

/* Change, insert, delete, repeat or splice a few places of `text`; at most `room` bytes come out.
 */
static size_t fuzz_mutate(char *text, size_t size, size_t room, const char *const *words,
                          size_t word_count)
{
    for (size_t changes = 1 + fuzz_below(4); changes-- > 0;) {
        size_t at = fuzz_below(size + 1), length = 1 + fuzz_below(8);
        const char *word = words[fuzz_below(word_count)];
        switch (fuzz_below(5)) {
        case 0:
            if (at < size)
                text[at] = (char)fuzz_below(256);
            break;
        case 1:
            if (at + length <= size) {
                memmove(text + at, text + at + length, size - at - length);
                size -= length;
            }
            break;
        case 2:
            if (at + length <= size && size + length <= room) {
                memmove(text + at + length, text + at, size - at);
                size += length;
            }
            break;
        default:
            length = strlen(word);
            if (size + length <= room) {
                memmove(text + at + length, text + at, size - at);
                memcpy(text + at, word, length);
                size += length;
            }
        }
    }
    return size;
}

/* Every file of tests/fuzz/TARGET/: what fuzzers have found, and inputs that reach far. */
static int fuzz_replay(const char *target)
{
    enum { ROOM = 1 << 20 };
    char path[4096];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/fuzz/%s", ORL_TEST_DIR, target);
    DIR *list = opendir(path);
    uint8_t *bytes = malloc(ROOM);
    for (struct dirent *entry; list && bytes && (entry = readdir(list));) {
        snprintf(path, sizeof path, "%s/fuzz/%s/%s", ORL_TEST_DIR, target, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (!file)
            continue;
        size_t size = fread(bytes, 1, ROOM, file);
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, size);
        count++;
    }
    if (list)
        closedir(list);
    free(bytes);
    printf("%zu files replayed\n", count);
    return 0;
}

static int fuzz_run(const char *const *seeds, size_t seed_count, const char *const *words,
                    size_t word_count, size_t rounds)
{
    enum { ROOM = 1 << 14 };
    char *text = malloc(ROOM);
    if (!text)
        return 1;
    for (size_t i = 0; i < rounds; i++) {
        const char *seed = seeds[fuzz_below(seed_count)];
        size_t size = strlen(seed) < ROOM / 2 ? strlen(seed) : ROOM / 2;
        memcpy(text, seed, size);
        for (size_t times = 1 + fuzz_below(3); times-- > 0;)
            size = fuzz_mutate(text, size, ROOM, words, word_count);
        LLVMFuzzerTestOneInput((const uint8_t *)text, size);
    }
    free(text);
    printf("%zu inputs\n", rounds);
    return 0;
}
#endif

#endif
