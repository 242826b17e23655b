/* Prints the marks and words of a film's frame, for the golden files of tests/frames:
 *
 *     test_marks EXPERIMENT FILM FRAME [KEY=VALUE...] */
#include "support/marks.h"

#include <stdlib.h>
#include <string.h>

#include "batch/stage.h"
#include "optreel/experiment.h"

static int marks_fail(const struct orl_messages *messages, const struct orl_error *err)
{
    fprintf(stderr, "test_marks: %s%s\n", messages->count ? messages->items[0].text : "",
            err->text);
    return 1;
}

/* Lay the film out as its first output has it, and print one frame. */
static int marks_of(struct orl_experiment *e, const char *film, size_t frame, struct orl_error *err)
{
    struct orl_font *font = NULL;
    struct stage *stage = NULL;
    struct orl_text text = {0};
    size_t index = 0;
    while (index < e->film_count && strcmp(e->films[index].name, film) != 0)
        index++;
    if (index == e->film_count)
        return orl_fail(err, ORL_EUSAGE, "there is no film '%s'", film);
    int ret = orl_font_create(e->font, &font, err);
    if (ret == ORL_OK)
        ret = orl_stage_create(e, &orl_limits_default, NULL, font, &stage, err);
    if (ret == ORL_OK)
        ret = orl_stage_set(stage, index, NULL, &e->films[index].outputs[0], err);
    if (ret == ORL_OK && !marks_print_frame(orl_stage_scene(stage), frame, &text))
        ret = orl_fail(err, ORL_EUSAGE, "frame %zu cannot be made", frame);
    if (ret == ORL_OK)
        fputs(text.data, stdout);
    orl_text_uninit(&text);
    orl_stage_destroy(&stage);
    orl_font_destroy(&font);
    return ret;
}

int main(int argc, char **argv)
{
    struct orl_experiment_source source = {0};
    struct orl_experiment_options options = {.set = (const char *const *)argv + 4,
                                             .set_count = argc > 4 ? (size_t)argc - 4 : 0};
    struct orl_messages messages = {0};
    struct orl_experiment *e = NULL;
    struct orl_error err = {0};
    if (argc < 4)
        return 2;
    int ret = orl_experiment_read(argv[1], &orl_limits_default, &source, &messages);
    if (ret == ORL_OK)
        ret = orl_experiment_load(&source, &options, &orl_limits_default, &messages, &e);
    if (ret == ORL_OK)
        ret = marks_of(e, argv[2], (size_t)strtoul(argv[3], NULL, 10), &err);
    if (ret != ORL_OK)
        ret = marks_fail(&messages, &err);
    orl_experiment_destroy(&e);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
    return ret != ORL_OK;
}
