/* Which step a frame shows: the table that every panel asks. */
#include "scene/panels/moment.h"

#include <stdlib.h>

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

size_t orl_pace_frame_at(const struct pace *pace, int64_t step)
{
    size_t low = 0, high = pace->frames - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pace->steps[middle] >= step)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

bool orl_pace_is_last(const struct pace *pace, size_t frame)
{
    return frame + pace->hold_last + 1 >= pace->frames;
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
