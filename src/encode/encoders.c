/* Which encoders there are, for which codecs of which formats. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "encode/av.h"
#include "encode/video.h"

enum { HIDDEN_MAX = 8 };
static const char *hidden[HIDDEN_MAX];

void orl_encoder_hide(const char *name)
{
    for (size_t i = 0; i < HIDDEN_MAX; i++)
        if (!name) {
            hidden[i] = NULL;
        } else if (!hidden[i]) {
            hidden[i] = name;
            return;
        }
}

static bool is_hidden(const char *name)
{
    for (size_t i = 0; i < HIDDEN_MAX && hidden[i]; i++)
        if (strcmp(hidden[i], name) == 0)
            return true;
    return false;
}

/* libavcodec's encoder of this name; NULL where it has none (or a test hides it). */
static const AVCodec *encoder_find(const char *name)
{
    return is_hidden(name) ? NULL : avcodec_find_encoder_by_name(name);
}

/* One that is driven without libavcodec was there when this program was built. */
bool orl_encoder_present(const struct orl_encoder_desc *by)
{
    return by->ops && by->ops->encode ? !is_hidden(by->name) : encoder_find(by->name) != NULL;
}

static const struct orl_encoder_desc *first_present(const struct orl_output_spec *spec,
                                                    const struct orl_codec_desc *codec)
{
    int side = spec->width < spec->height ? spec->width : spec->height;
    for (const struct orl_encoder_desc *by = codec->encoders; by->name; by++)
        if (side >= by->side_least && orl_encoder_present(by))
            return by;
    return NULL;
}

/* What could be made instead: this format's other codecs, or else other formats. */
static void list_others(const struct orl_output_spec *spec, struct orl_text *there)
{
    for (size_t i = 0; spec->format->codecs[i]; i++) {
        const struct orl_encoder_desc *by = first_present(spec, spec->format->codecs[i]);
        if (by)
            orl_text_printf(there, "%scodec %s with %s", there->length ? ", " : "",
                            spec->format->codecs[i]->name, by->name);
    }
    for (size_t f = 0; !spec->format->still && orl_formats[f]; f++) {
        const struct orl_codec_desc *const *codec = orl_formats[f]->codecs;
        if (orl_formats[f] == spec->format || orl_formats[f]->still || !orl_formats[f]->ops)
            continue;
        while (codec && *codec && !first_present(spec, *codec))
            codec++;
        if (!codec || *codec)
            orl_text_printf(there, "%sformat %s", there->length ? ", " : "", orl_formats[f]->name);
    }
}

static int missing(const struct orl_output_spec *spec, const struct orl_codec_desc *codec,
                   struct orl_error *err)
{
    struct orl_text wanted = {0}, there = {0};
    for (const struct orl_encoder_desc *by = codec->encoders; by->name; by++)
        orl_text_printf(&wanted, "%s%s", wanted.length ? " or " : "", by->name);
    list_others(spec, &there);
    orl_fail(err, ORL_EENV,
             "%s (%s, %dx%d) needs the encoder %s, which this libavcodec does not have; what can "
             "be made here: %s",
             spec->format->name, codec->title, spec->width, spec->height,
             wanted.data ? wanted.data : "", there.length ? there.data : "nothing");
    orl_text_uninit(&wanted);
    orl_text_uninit(&there);
    return ORL_EENV;
}

int orl_encoder_choose(const struct orl_output_spec *spec, const struct orl_codec_desc *codec,
                       const struct orl_encoder_desc **by, const AVCodec **out,
                       struct orl_error *err)
{
    *by = first_present(spec, codec);
    if (!*by)
        return missing(spec, codec, err);
    *out = (*by)->ops && (*by)->ops->encode ? NULL : encoder_find((*by)->name);
    return ORL_OK;
}

const struct orl_codec_desc *orl_encoder_first(const struct orl_output_spec *spec)
{
    for (size_t i = 0; spec->format->codecs[i]; i++)
        if (first_present(spec, spec->format->codecs[i]))
            return spec->format->codecs[i];
    return spec->format->codecs[0];
}

enum { ENCODERS_MAX = 32 };
struct listed {
    const char *name;
    bool present;
    char formats[160]; /* "mp4 (AV1), webm (AV1)" */
};

static void note(struct listed *list, const struct orl_encoder_desc *by, const char *format,
                 const char *codec)
{
    size_t i = 0;
    while (i + 1 < ENCODERS_MAX && list[i].name && strcmp(list[i].name, by->name) != 0)
        i++;
    size_t length = strlen(list[i].formats);
    list[i].name = by->name;
    list[i].present = orl_encoder_present(by);
    snprintf(list[i].formats + length, sizeof list[i].formats - length, "%s%s (%s)",
             length ? ", " : "", format, codec);
}

bool orl_encoder_at(size_t index, const char **name, const char **format, bool *present)
{
    static _Thread_local struct listed list[ENCODERS_MAX];
    memset(list, 0, sizeof list);
    for (size_t f = 0; orl_formats[f]; f++)
        for (size_t i = 0; orl_formats[f]->codecs && orl_formats[f]->codecs[i]; i++)
            for (const struct orl_encoder_desc *by = orl_formats[f]->codecs[i]->encoders; by->name;
                 by++)
                note(list, by, orl_formats[f]->name, orl_formats[f]->codecs[i]->title);
    if (index >= ENCODERS_MAX || !list[index].name)
        return false;
    *name = list[index].name;
    *format = list[index].formats;
    *present = list[index].present;
    return true;
}
