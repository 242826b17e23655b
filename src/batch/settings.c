/* A film's settings as the scene takes them. */
#include "batch/settings.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

int orl_stage_story(const struct orl_film_settings *settings, const struct orl_film_run *runs,
                    struct orl_film_spec *spec, bool **highlight, struct orl_note **notes,
                    struct orl_error *err)
{
    const char *headline = settings->headline;
    bool none = headline && strcmp(headline, "none") == 0,
         own = headline && !none && strcmp(headline, "auto") != 0;
    *highlight = orl_calloc(spec->run_count, sizeof **highlight);
    *notes = orl_calloc(settings->note_count + 1, sizeof **notes);
    if (!*highlight || !*notes)
        return orl_fail_memory(err);
    spec->headline = none                           ? ORL_HEADLINE_NONE
                     : settings->headline_from == 0 ? ORL_HEADLINE_FIRST
                                                    : ORL_HEADLINE_LAST;
    spec->finding = own ? headline : NULL;
    spec->no_events = settings->events == 1;
    spec->level = isnan(settings->level) ? NULL : &settings->level;
    for (size_t i = 0; i < settings->highlight_count; i++)
        for (size_t r = 0; r < spec->run_count; r++)
            (*highlight)[r] |= orl_run_matches(settings->highlight[i], runs[r].name);
    spec->highlight = settings->highlight_count ? *highlight : NULL;
    for (size_t i = 0; i < settings->note_count; i++) {
        const struct orl_note_settings *note = &settings->notes[i];
        (*notes)[i] = (struct orl_note){note->step, SIZE_MAX, note->text, note->seconds};
        for (size_t r = 0; note->run && r < spec->run_count; r++)
            if (orl_run_matches(note->run, runs[r].name))
                (*notes)[i].run = r;
    }
    spec->notes = *notes;
    spec->note_count = settings->note_count;
    return ORL_OK;
}
