/* What films tell, kept for the report. Each is a line of fields: how many events, the finding,
 * where the film stands at which time, and of each event its step, run, kind and text. A number
 * comes first, since an empty field at a line's beginning is none. */
#include "batch/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/fields.h"

enum { EVENTS_MOST = 1024, BYTES_MOST = 1 << 20 };

#define PLACES_APART_S 0.25 /* a page is told where the film stands no more often */

static char *story_name(const char *film)
{
    return orl_asprintf(".optreel/%s.story", film);
}

/* A line wherever a film's words change: the second, a space, and "step 12, loss 0.5", of a report
 * video after its chapter. */
static void places_append(struct orl_text *text, const struct orl_film *film)
{
    char shown[2 * ORL_WORDS_SIZE + 8] = "", now[2 * ORL_WORDS_SIZE + 8];
    double told = -PLACES_APART_S;
    for (size_t frame = 0; frame < orl_film_frames(film); frame++) {
        double time = orl_film_time(film, frame);
        struct orl_words words;
        char seconds[ORL_NUMBER_SIZE];
        if (time - told < PLACES_APART_S && frame + 1 < orl_film_frames(film))
            continue;
        orl_film_words(film, frame, &words);
        bool chapter = strncmp(words.line[1], "step ", strlen("step ")) == 0;
        snprintf(now, sizeof now, "%s%s%s", words.line[0], chapter ? "  ·  " : "",
                 chapter ? words.line[1] : "");
        if (strcmp(now, shown) == 0)
            continue;
        orl_double_digits(seconds, time, 5);
        orl_text_printf(text, "%s%s %s", text->length ? "\n" : "", seconds, now);
        strcpy(shown, now);
        told = time;
    }
}

int orl_story_keep(struct orl_folder *folder, const char *film_name, const struct orl_film *film,
                   struct orl_error *err)
{
    size_t count = orl_film_events(film, NULL, 0);
    struct orl_event *events = orl_calloc(count + 1, sizeof *events);
    struct orl_text line = {0}, places = {0};
    char *name = story_name(film_name);
    int ret = events && name ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        count = count ? orl_film_events(film, events, count) : 0;
        places_append(&places, film);
        orl_fields_put_integer(&line, (int64_t)count);
        orl_fields_put_string(&line, orl_film_finding(film));
        orl_fields_put(&line, places.data ? places.data : "", places.length);
    }
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        orl_fields_put_integer(&line, events[i].step);
        orl_fields_put_string(&line, events[i].run);
        orl_fields_put_integer(&line, events[i].kind);
        orl_fields_put_string(&line, events[i].text);
    }
    line.failed |= places.failed;
    orl_text_uninit(&places);
    size_t length = line.length;
    char *bytes = ret == ORL_OK ? orl_text_take(&line) : NULL;
    if (ret == ORL_OK)
        ret = bytes ? orl_folder_write(folder, name, bytes, length, err) : orl_fail_memory(err);
    free(bytes);
    free(events);
    free(name);
    return ret;
}

static bool story_parse(struct orl_fields *fields, struct film_story *out)
{
    int64_t count = orl_fields_get_integer(fields);
    const char *finding = orl_fields_get_string(fields), *places = orl_fields_get_string(fields);
    if (fields->failed || count < 0 || count > EVENTS_MOST)
        return false;
    out->finding = orl_strdup(finding ? finding : "");
    out->places = places;
    out->events = orl_calloc((size_t)count + 1, sizeof *out->events);
    if (!out->finding || !out->events)
        return false;
    for (out->count = 0; out->count < (size_t)count; out->count++) {
        struct orl_event *event = &out->events[out->count];
        event->step = orl_fields_get_integer(fields);
        event->run = orl_fields_get_string(fields);
        event->kind = (enum orl_event_kind)orl_fields_get_integer(fields);
        event->text = orl_fields_get_string(fields);
        if (fields->failed || event->kind > ORL_EVENT_NOTE || !event->text)
            return false;
    }
    return true;
}

void orl_story_fetch(struct orl_folder *folder, const char *film_name, struct film_story *out)
{
    struct orl_fields *fields = orl_calloc(1, sizeof *fields);
    char *name = story_name(film_name), *bytes = NULL,
         *path = name ? orl_asprintf("%s/%s", folder->path, name) : NULL;
    size_t length = 0;
    *out = (struct film_story){.storage = fields};
    bool good = fields && path &&
                orl_file_read(path, BYTES_MOST, &bytes, &length, NULL) == ORL_OK &&
                orl_fields_split(bytes, length, fields) == ORL_OK && story_parse(fields, out);
    free(bytes);
    free(path);
    free(name);
    if (!good)
        orl_story_release(out);
}

void orl_story_release(struct film_story *story)
{
    if (story->storage)
        orl_fields_uninit(story->storage);
    free(story->storage);
    free(story->events);
    free(story->finding);
    *story = (struct film_story){0};
}
