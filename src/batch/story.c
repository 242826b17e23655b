/* What films tell, kept for the report. Each is a line of fields: the finding, how many events, and
 * of each its step, run, kind and text. */
#include "batch/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "batch/fields.h"

enum { EVENTS_MOST = 1024, BYTES_MOST = 1 << 20 };

static char *story_name(const char *film)
{
    return orl_asprintf(".optreel/%s.story", film);
}

int orl_story_keep(struct orl_folder *folder, const char *film_name, const struct orl_film *film,
                   struct orl_error *err)
{
    size_t count = orl_film_events(film, NULL, 0);
    struct orl_event *events = orl_calloc(count + 1, sizeof *events);
    struct orl_text line = {0};
    char *name = story_name(film_name);
    int ret = events && name ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        count = count ? orl_film_events(film, events, count) : 0;
        orl_fields_put_string(&line, orl_film_finding(film));
        orl_fields_put_integer(&line, (int64_t)count);
    }
    for (size_t i = 0; ret == ORL_OK && i < count; i++) {
        orl_fields_put_integer(&line, events[i].step);
        orl_fields_put_string(&line, events[i].run);
        orl_fields_put_integer(&line, events[i].kind);
        orl_fields_put_string(&line, events[i].text);
    }
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
    const char *finding = orl_fields_get_string(fields);
    int64_t count = orl_fields_get_integer(fields);
    if (fields->failed || count < 0 || count > EVENTS_MOST)
        return false;
    out->finding = orl_strdup(finding ? finding : "");
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
