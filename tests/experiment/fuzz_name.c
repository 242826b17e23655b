/* Any bytes as names of a problem, an optimizer and a film: refused, or files of one folder, each
 * with a name of its own. */
#include "base/text.h"
#include "optreel/experiment.h"
#include "orl_fuzz.h"

static void name_check(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@=,";
    fuzz_require(*name && *name != '.' && *name != '-' && strspn(name, allowed) == strlen(name));
}

static void plan_check(const struct orl_experiment *e)
{
    name_check(e->name);
    for (size_t i = 0; i < e->run_count; i++) {
        name_check(e->runs[i].file_name);
        for (size_t k = 0; k < i; k++)
            fuzz_require(strcasecmp(e->runs[k].file_name, e->runs[i].file_name) != 0);
    }
    for (size_t i = 0; i < e->film_count; i++)
        for (size_t o = 0; o < e->films[i].output_count; o++) {
            const char *path = e->films[i].outputs[o].path;
            name_check(path);
            for (size_t j = 0; j <= i; j++)
                for (size_t k = 0; k < (j < i ? e->films[j].output_count : o); k++)
                    fuzz_require(strcasecmp(e->films[j].outputs[k].path, path) != 0);
        }
}

/* "a\nb\nc\nd": two problems, an optimizer, a film; what is missing is called x. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct orl_experiment_options none;
    const char *p = (const char *)bytes, *end = p + size;
    struct orl_text names[5] = {0}, text = {0};
    struct orl_experiment_source source;
    struct orl_messages messages = {0};
    struct orl_experiment *experiment = NULL;
    for (size_t i = 0; i < 5; i++) {
        const char *stop = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        stop = stop ? stop : end;
        orl_text_puts(&names[i], "");
        if (p < end)
            orl_text_escape_json(&names[i], p, (size_t)(stop - p));
        if (names[i].length == 0)
            orl_text_printf(&names[i], "x%zu", i);
        p = stop < end ? stop + 1 : end;
    }
    orl_text_printf(&text,
                    "name: \"%s\"\nproblems: {\"%s\": {objective: x^2, start: {x: 1}}, \"%s\": "
                    "{objective: x^2, start: {x: 1}}}\noptimizers: {\"%s\": {}}\n"
                    "films: [{each: run}, {each: problem, name: \"%s\"}]\n",
                    names[4].data, names[0].data, names[1].data, names[2].data, names[3].data);
    fuzz_require(!text.failed);
    fuzz_require(orl_experiment_text("e", NULL, text.data, text.length, &source, NULL) == ORL_OK);
    int ret = orl_experiment_load(&source, &none, &orl_limits_default, &messages, &experiment);
    fuzz_require((ret == ORL_OK) == (messages.errors == 0));
    if (ret == ORL_OK)
        plan_check(experiment);
    orl_experiment_destroy(&experiment);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    orl_text_uninit(&text);
    for (size_t i = 0; i < 5; i++)
        orl_text_uninit(&names[i]);
    return 0;
}

FUZZ_SEEDS("a\nb\nsgd\n{problem}-race", "a-b\na\nb-c\n{problem}", "A\na\nsgd\nfilm-{problem}",
           "a\nb\nc\n{problem}-c\nfits", "-rf\n..\n.\n/etc/passwd", "con\n%s%n\n$(x)\n{run}")
FUZZ_WORDS("/", "..", ".", "-", "\n", "{problem}", "{optimizer}", "{", "}", "@", "=", "A", "a",
           "\xc3\xa9", "e\xcc\x81", "%s", "$(x)", "\t")
FUZZ_MAIN("name", 15000)
