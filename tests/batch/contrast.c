/* Paths on surfaces, seen in the pixels: every path reaches 3:1 on the ground that lies under it
 * (WCAG 2.2, 1.4.11), in the light theme and in the dark one. */
#include "orl_test.h"

#include <math.h>

#include "batch/stage.h"
#include "optreel/experiment.h"
#include "scene/marks/theme.h"
#include "scene/tables.h"

#define APART  3.0  /* px between the samples along a path */
#define LINE   1.5  /* px: what is narrower is a leader */
#define REACH  3.0  /* the contrast */
#define ENOUGH 0.95 /* of the samples: the rest lies under names, marks and the start's ring */

static struct orl_color pixel(const struct orl_image *image, int x, int y)
{
    const uint8_t *p = image->pixels + (size_t)y * image->stride + 4 * (size_t)x;
    return (struct orl_color){p[2] / 255.0, p[1] / 255.0, p[0] / 255.0, 1.0};
}

/* Of the nine pixels about a point the one that differs most from its ground. */
static double contrast_at(const struct orl_image *image, const struct orl_color *ground, int x,
                          int y)
{
    double most = 1.0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            most = fmax(most, orl_contrast(pixel(image, x + dx, y + dy), *ground));
    return most;
}

/* Where the surface is: what its iso-lines are clipped to. */
static struct orl_rect surface_of(const struct orl_picture *still)
{
    for (size_t i = 0; i < still->count; i++)
        if (still->marks[i].kind == ORL_MARK_LINE && still->marks[i].clip.width > 0.0)
            return still->marks[i].clip;
    fail_msg("the film has no surface");
    return (struct orl_rect){0};
}

struct sampled {
    size_t all, seen;
};

static void sample_line(const struct orl_picture *moving, const struct orl_mark *mark,
                        const struct orl_rect *area, const struct orl_image *frame,
                        const struct orl_image *ground, struct sampled *sampled)
{
    const double *xy = moving->points + 2 * mark->first;
    for (size_t i = 1; i < mark->count; i++) {
        double dx = xy[2 * i] - xy[2 * i - 2], dy = xy[2 * i + 1] - xy[2 * i - 1],
               length = hypot(dx, dy);
        for (double at = 0.0; at < length; at += APART) { /* a NaN lifts the pen */
            double x = xy[2 * i - 2] + dx * at / length, y = xy[2 * i - 1] + dy * at / length;
            if (x < area->x + 2 || x > area->x + area->width - 3 || y < area->y + 2 ||
                y > area->y + area->height - 3)
                continue;
            struct orl_color under = pixel(ground, (int)x, (int)y);
            sampled->all++;
            sampled->seen += contrast_at(frame, &under, (int)x, (int)y) >= REACH;
        }
    }
}

/* A frame's paths, on the pixels that the still part alone has there. */
static void sample_frame(const struct orl_film *film, size_t frame, struct orl_font *font,
                         const struct orl_output_plan *look, struct sampled *sampled)
{
    struct orl_picture still = {0}, moving = {0}, none = {0};
    struct orl_canvas *canvases[2] = {NULL, NULL};
    struct orl_image images[2];
    assert_int_equal(orl_film_still(film, 0, &still, NULL), ORL_OK);
    assert_int_equal(orl_film_moving(film, frame, &moving, NULL), ORL_OK);
    struct orl_rect area = surface_of(&still);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            orl_canvas_create(look->width, look->height, false, font, &canvases[i], NULL), ORL_OK);
        assert_int_equal(orl_canvas_still(canvases[i], &still, NULL), ORL_OK);
        assert_int_equal(orl_canvas_frame(canvases[i], i ? &moving : &none, &images[i], NULL),
                         ORL_OK);
    }
    for (size_t i = 0; i < moving.count; i++)
        if (moving.marks[i].kind == ORL_MARK_LINE && !moving.marks[i].faint &&
            moving.marks[i].size > LINE)
            sample_line(&moving, &moving.marks[i], &area, &images[1], &images[0], sampled);
    orl_canvas_destroy(&canvases[0]);
    orl_canvas_destroy(&canvases[1]);
    orl_picture_uninit(&still);
    orl_picture_uninit(&moving);
}

static void expect_seen(const char *experiment, const char *theme)
{
    const char *const set[] = {theme, "output.formats=[mp4]"};
    struct orl_experiment_source source = {0};
    struct orl_experiment_options options = {.set = set, .set_count = 2};
    struct orl_messages messages = {0};
    struct orl_experiment *e = NULL;
    struct orl_font *font = NULL;
    struct stage *stage = NULL;
    struct orl_error err = {0};
    assert_int_equal(orl_experiment_read(experiment, &orl_limits_default, &source, &messages),
                     ORL_OK);
    assert_int_equal(orl_experiment_load(&source, &options, &orl_limits_default, &messages, &e),
                     ORL_OK);
    assert_int_equal(orl_font_create(e->font, &font, &err), ORL_OK);
    assert_int_equal(orl_stage_create(e, &orl_limits_default, NULL, font, &stage, &err), ORL_OK);
    for (size_t f = 0; f < e->film_count; f++) {
        struct sampled sampled = {0, 0};
        if (strcmp(e->films[f].panels[0].desc->name, "surface") != 0)
            continue;
        assert_int_equal(orl_stage_set(stage, f, NULL, &e->films[f].outputs[0], &err), ORL_OK);
        const struct orl_film *film = orl_stage_scene(stage);
        for (size_t third = 1; third < 3; third++)
            sample_frame(film, third * orl_film_frames(film) / 3, font, &e->films[f].outputs[0],
                         &sampled);
        if (sampled.all < 100 || (double)sampled.seen < ENOUGH * (double)sampled.all)
            fail_msg("%s, %s: %zu of %zu samples of paths reach 3:1", e->films[f].name, theme,
                     sampled.seen, sampled.all);
    }
    orl_stage_destroy(&stage);
    orl_font_destroy(&font);
    orl_experiment_destroy(&e);
    orl_experiment_source_uninit(&source);
    orl_messages_uninit(&messages);
}

static void paths_are_seen_on_their_ground(void **state)
{
    static const char *const themes[] = {"output.theme=light", "output.theme=dark"};
    (void)state;
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        expect_seen("races", themes[i]);
        expect_seen("momentum", themes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_are_seen_on_their_ground)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
