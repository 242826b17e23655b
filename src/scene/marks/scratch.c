/* Room to work in while a frame is made. */
#include "scene/marks/scratch.h"

#include <stdlib.h>

#include "base/array.h"

struct orl_scratch {
    double *numbers; /* owned */
    size_t capacity;
    struct orl_workspace *workspace; /* owned; NULL */
    const struct orl_problem *problem;
};

static struct orl_scratch *picture_scratch(struct orl_picture *picture)
{
    if (!picture->scratch)
        picture->scratch = orl_calloc(1, sizeof *picture->scratch);
    picture->failed |= !picture->scratch;
    return picture->scratch;
}

double *orl_scratch_numbers(struct orl_picture *picture, size_t count)
{
    struct orl_scratch *s = picture_scratch(picture);
    if (!s || !orl_reserve((void **)&s->numbers, &s->capacity, count + 1, sizeof *s->numbers)) {
        picture->failed = true;
        return NULL;
    }
    return s->numbers;
}

struct orl_workspace *orl_scratch_workspace(struct orl_picture *picture,
                                            const struct orl_problem *problem)
{
    struct orl_scratch *s = picture_scratch(picture);
    if (!s || (s->workspace && s->problem == problem))
        return s ? s->workspace : NULL;
    orl_workspace_destroy(&s->workspace);
    s->problem = problem;
    if (orl_workspace_create(problem, &s->workspace, NULL) != ORL_OK)
        picture->failed = true;
    return s->workspace;
}

void orl_scratch_rest(struct orl_picture *picture)
{
    if (picture->scratch)
        orl_workspace_destroy(&picture->scratch->workspace);
}

void orl_scratch_destroy(struct orl_scratch **scratch)
{
    struct orl_scratch *s = *scratch;
    if (!s)
        return;
    orl_workspace_destroy(&s->workspace);
    free(s->numbers);
    free(s);
    *scratch = NULL;
}
