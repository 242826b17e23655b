/* Pacing by rule: linear and logarithmic. Those that follow the traces are in motion.c. */
#include "scene/film/pace.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

#define FRAMES_MOST 1e9 /* far beyond what a film may have: a float that fits a size_t */

const char *const orl_pace_names[] = {"linear", "log", "motion", "loss", "auto", NULL};

static int64_t planned_step(const struct pace *pace, enum orl_pace kind, size_t frame)
{
    double n = (double)(pace->to - pace->from), t = orl_pace_share(pace, frame);
    if (t >= 1.0)
        return pace->to;
    double place = kind == ORL_PACE_LINEAR ? t * n : expm1(t * log1p(n));
    int64_t step = pace->from + (int64_t)(place + 0.5);
    return step > pace->to ? pace->to : step;
}

int orl_pace_init(struct pace *pace, enum orl_pace kind, size_t frames, double hold_first_s,
                  double hold_last_s, double fps, int64_t from, int64_t to, struct orl_error *err)
{
    size_t first = (size_t)fmax(0.0, round(hold_first_s * fps)),
           last = (size_t)fmax(0.0, round(hold_last_s * fps));
    size_t room = frames > 2 ? frames - 2 : 0;
    if (first + last > room) {
        first = room * first / (first + last);
        last = room - first;
    }
    *pace = (struct pace){
        frames, first, last, from, to > from ? to : from, orl_calloc(frames, sizeof *pace->steps)};
    if (!pace->steps)
        return orl_fail_memory(err);
    for (size_t i = 0; i < frames; i++)
        pace->steps[i] = planned_step(pace, kind, i);
    return ORL_OK;
}

void orl_pace_show(struct pace *pace, int64_t step)
{
    if (step <= pace->from || step >= pace->to)
        return;
    size_t frame = orl_pace_frame_at(pace, step);
    if (orl_pace_is_last(pace, frame) && frame > pace->hold_first + 1)
        frame--; /* what tells of the end stays with the end */
    pace->steps[frame] = step;
}

size_t orl_film_frame_count(double length_s, int fps_num, int fps_den)
{
    double frames = round(length_s * fps_num / fps_den);
    return frames < 1.0 ? 1 : frames > FRAMES_MOST ? (size_t)FRAMES_MOST : (size_t)frames;
}
