/* WebVTT: which words begin a cue, and when. */
#include "orl_test.h"

#include "base/text.h"
#include "encode/format.h"
#include "encode/tables.h"

/* The second line alone changes, at frame 20 and again at the 70th minute. */
static void words(void *context, size_t number, struct orl_words *out)
{
    (void)context;
    strcpy(out->line[0], "SGD & co");
    strcpy(out->line[1], number < 20 ? "loss 1" : number < 126000 ? "loss 2" : "");
}

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)err;
    orl_text_append(context, bytes, length);
    return ORL_OK;
}

/* A line that changes begins a cue of its own, with the other one again: at its frame's time, to
 * the nearest ms (20 of 30 frames a second: 666.7), with minutes that end at 59. */
static void second_lines_begin_cues(void **state)
{
    static const char file[] = "WEBVTT\n\n00:00:00.000 --> 00:00:00.667\nSGD &amp; co\nloss 1\n\n"
                               "00:00:00.667 --> 01:10:00.000\nSGD &amp; co\nloss 2\n\n"
                               "01:10:00.000 --> 01:10:01.000\nSGD &amp; co\n\n";
    const struct orl_format_desc *vtt = orl_sidecars[0];
    const struct orl_frame_source source = {.words = words};
    struct orl_text text = {0};
    struct orl_error err = {0};
    (void)state;
    for (size_t i = 0; orl_sidecars[i]; i++)
        vtt = strcmp(orl_sidecars[i]->name, "vtt") == 0 ? orl_sidecars[i] : vtt;
    const struct orl_output_spec spec = {
        .format = vtt, .name = "a_film", .fps_num = 30, .fps_den = 1, .frames = 126030};
    if (vtt->ops->segment(&spec, &source, 0, spec.frames, (struct orl_sink){&text, collect},
                          &err) != ORL_OK)
        fail_msg("%s", err.text);
    assert_non_null(memmem(text.data, text.length, file, sizeof file - 1));
    orl_text_uninit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(second_lines_begin_cues)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
