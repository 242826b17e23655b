/* Any bytes as an experiment file: refused with messages, or a plan that can be keyed and thrown
 * away. */
#include "optreel/experiment.h"
#include "orl_fuzz.h"

/* The copy that stays with what was made of it is the same plan. */
static void copy_check(const struct orl_experiment *experiment, const struct orl_limits *limits)
{
    static const struct orl_experiment_options none;
    struct orl_experiment_source source;
    struct orl_messages messages = {0};
    struct orl_experiment *again = NULL;
    const char *copy = experiment->copy;
    if (experiment->input_count > 0) /* files are not there to be read again */
        return;
    fuzz_require(orl_experiment_text("e", "/nonexistent", copy, strlen(copy), &source, NULL) ==
                 ORL_OK);
    int ret = orl_experiment_load(&source, &none, limits, &messages, &again);
    if (ret != ORL_OK)
        fprintf(stderr, "%s\n%s\n", messages.count ? messages.items[0].text : "", copy);
    fuzz_require(ret == ORL_OK && again->run_count == experiment->run_count &&
                 again->film_count == experiment->film_count);
    fuzz_require(strcmp(again->copy, copy) == 0);
    for (size_t i = 0; i < experiment->run_count; i++) {
        char key[65], same[65];
        orl_run_key(experiment, i, key);
        orl_run_key(again, i, same);
        fuzz_require(strcmp(key, same) == 0);
    }
    orl_experiment_destroy(&again);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct orl_experiment_options none;
    struct orl_limits limits = orl_limits_default;
    struct orl_experiment_source source = {.name = (char[]){"e"},
                                           .path = (char[]){"e.yaml"},
                                           .folder = (char[]){"/nonexistent"},
                                           .length = size};
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    limits.points = 1000; /* what is generated is not what is tested here */
    limits.jobs = 200;
    source.text = malloc(size + 1);
    if (!source.text)
        abort();
    memcpy(source.text, bytes, size);
    source.text[size] = '\0';
    int ret = orl_experiment_load(&source, &none, &limits, &messages, &experiment);
    if ((ret == ORL_OK) != (experiment != NULL) || (ret == ORL_OK) != (messages.errors == 0))
        abort();
    if (experiment)
        copy_check(experiment, &limits);
    orl_experiment_destroy(&experiment);
    orl_messages_uninit(&messages);
    free(source.text);
    return 0;
}

#ifndef ORL_FUZZER_MAIN
int main(void)
{
    static const char *seeds[8], *const words[] = {
                                     "{",  "}",   "[",         "]",      ": ",        "\n",  "\n  ",
                                     "- ", "&a ", "*a",        "!!int ", "---\n",     "\"",  "'",
                                     "#",  "1e9", "-1",        "nan",    "[1, 2, 3]", "{}",  "\xff",
                                     "\t", "|\n", "each: run", "x^2",    "? ",        "<<: "};
    size_t count = 0;
    for (const struct orl_builtin *b = orl_builtins; b->name && count < 7; b++)
        seeds[count++] = b->text;
    seeds[count++] = "problems: {p: {objective: x^2, start: {x: 1}, domain: {x: [-1, "
                     "1]}}}\noptimizers: {adam: {lr: [0.1, "
                     "1]}}\nruns: {except: [p/adam@*1]}\n";
    (void)fuzz_replay("experiment");
    return fuzz_run(seeds, count, words, sizeof words / sizeof *words, 30000);
}
#endif
