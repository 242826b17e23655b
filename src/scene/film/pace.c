#include "scene/film/pace.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

const char *const orl_pace_names[] = {"linear", "log", "motion", "loss", NULL};

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

void orl_pace_uninit(struct pace *pace)
{
    free(pace->steps);
    pace->steps = NULL;
}

size_t orl_pace_moving(const struct pace *pace)
{
    return pace->frames - pace->hold_first - pace->hold_last;
}

double orl_pace_share(const struct pace *pace, size_t frame)
{
    size_t moving = orl_pace_moving(pace);
    if (frame <= pace->hold_first && pace->frames > 1)
        return 0.0;
    if (frame + pace->hold_last + 1 >= pace->frames || moving < 2)
        return 1.0;
    return (double)(frame - pace->hold_first) / (double)(moving - 1);
}

int64_t orl_pace_step(const struct pace *pace, size_t frame)
{
    return pace->steps[frame < pace->frames ? frame : pace->frames - 1];
}

size_t orl_pace_middle(const struct pace *pace, size_t frame)
{
    int64_t step = orl_pace_step(pace, frame);
    size_t first = frame, last = frame;
    while (first > 0 && orl_pace_step(pace, first - 1) == step)
        first--;
    while (last + 1 < pace->frames && orl_pace_step(pace, last + 1) == step)
        last++;
    return first + (last - first) / 2;
}

size_t orl_pace_row(const struct orl_trace *trace, int64_t step)
{
    size_t low = 0, high = trace->rows;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (trace->step[middle] <= step)
            low = middle;
        else
            high = middle;
    }
    return low;
}
