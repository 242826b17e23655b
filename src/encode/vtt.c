/* WebVTT (https://www.w3.org/TR/webvtt1/): what the frames of a film say in words, for its video
 * players. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/whole.h"

/* Nobody reads faster: a cue stands for at least half a second. */
enum { CUE_LEAST_MS = 500, LINES_MOST = 2 };

/* When a frame begins, in ms. */
static int64_t time_of(const struct orl_output_spec *spec, size_t frame)
{
    return ((int64_t)frame * spec->fps_den * 2000 + spec->fps_num) / (2 * (int64_t)spec->fps_num);
}

static void put_time(struct orl_text *text, int64_t ms)
{
    orl_text_printf(text, "%02lld:%02d:%02d.%03d", (long long)(ms / 3600000),
                    (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
}

static void put_line(struct orl_text *text, const char *line)
{
    if (*line) {
        orl_text_escape_html(text, line, strlen(line));
        orl_text_putc(text, '\n');
    }
}

static int put_cue(struct orl_text *text, const struct orl_output_spec *spec,
                   const struct orl_words *words, size_t from, size_t to, struct orl_sink sink,
                   struct orl_error *err)
{
    if (!*words->line[0] && !*words->line[1])
        return ORL_OK; /* nothing is said meanwhile */
    orl_text_clear(text);
    orl_text_putc(text, '\n');
    put_time(text, time_of(spec, from));
    orl_text_puts(text, " --> ");
    put_time(text, time_of(spec, to));
    orl_text_putc(text, '\n');
    for (size_t i = 0; i < LINES_MOST; i++)
        put_line(text, words->line[i]);
    return text->failed ? orl_fail_memory(err)
                        : sink.write(sink.context, text->data, text->length, err);
}

/* A new cue where the words change, but not within half a second of the one before; none where
 * nothing is said. */
static int put_cues(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                    struct orl_sink sink, struct orl_error *err)
{
    struct orl_text text = {0};
    struct orl_words shown, words;
    size_t begin = 0;
    int ret = sink.write(sink.context, "WEBVTT\n", 7, err);
    source->words(source->context, 0, &shown);
    for (size_t i = 1; ret == ORL_OK && i < spec->frames; i++) {
        bool silent = !*shown.line[0] && !*shown.line[1];
        if (!silent && time_of(spec, i) - time_of(spec, begin) < CUE_LEAST_MS)
            continue;
        source->words(source->context, i, &words);
        if (strcmp(words.line[0], shown.line[0]) == 0 && strcmp(words.line[1], shown.line[1]) == 0)
            continue;
        ret = put_cue(&text, spec, &shown, begin, i, sink, err);
        shown = words;
        begin = i;
    }
    if (ret == ORL_OK)
        ret = put_cue(&text, spec, &shown, begin, spec->frames, sink, err);
    if (ret == ORL_OK)
        ret = sink.write(sink.context, "\n", 1,
                         err); /* without it a last line that is lost would not be missed */
    orl_text_uninit(&text);
    return ret;
}

static int vtt_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    struct whole *whole = orl_calloc(1, sizeof *whole);
    if (!whole)
        return orl_fail_memory(err);
    int ret = orl_whole_begin(whole, out, spec, first, count, err);
    if (ret == ORL_OK)
        ret = put_cues(spec, source, orl_whole_sink(whole), err);
    if (ret == ORL_OK)
        ret = orl_whole_end(whole, err);
    free(whole);
    return ret;
}

/* ---- Reading it back: one cue after the other, from the film's first moment to its last ------ */

static bool read_time(const char **at, int64_t *ms)
{
    int64_t parts[4];
    static const char ends[] = "::. ";
    for (int i = 0; i < 4; i++) {
        size_t length = strspn(*at, "0123456789");
        if (length < 2 || !orl_int64_parse(*at, length, &parts[i]) ||
            ((*at)[length] != ends[i] && !(i == 3 && !(*at)[length])))
            return false;
        *at += length + (i < 3);
    }
    *ms = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3];
    return true;
}

struct reader {
    int64_t end; /* of the cue before, ms */
    size_t cues;
    int lines; /* of the cue that is being read */
};

static bool take_line(struct reader *r, const char *line)
{
    int64_t begin, end;
    if (!*line) { /* between two cues */
        bool complete = r->cues == 0 || r->lines > 0;
        r->lines = -1;
        return complete;
    }
    if (r->lines >= 0)
        return ++r->lines <= LINES_MOST;
    if (!read_time(&line, &begin) || strncmp(line, " --> ", 5) != 0)
        return false;
    line += 5;
    if (!read_time(&line, &end) || *line || end <= begin || begin < r->end ||
        (r->cues == 0 && begin != 0))
        return false;
    r->end = end;
    r->lines = 0;
    r->cues++;
    return true;
}

static int read_text(const struct orl_output_spec *spec, const struct orl_stream *file,
                     struct orl_text *text, struct orl_error *err)
{
    char piece[4096];
    int64_t got;
    while ((got = file->read(file->context, (int64_t)text->length, piece, sizeof piece, err)) > 0)
        orl_text_append(text, piece, (size_t)got);
    if (got < 0 || text->failed)
        return got < 0 ? (int)got : orl_fail_memory(err);
    return text->length > 8 && memchr(text->data, '\0', text->length) == NULL
               ? ORL_OK
               : orl_whole_wrong(spec, "it is not text", err);
}

static int vtt_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    struct orl_text text = {0};
    struct reader reader = {.lines = -1};
    int ret = read_text(spec, file, &text, err);
    bool good = ret == ORL_OK && strncmp(text.data, "WEBVTT\n", 7) == 0 &&
                strcmp(text.data + text.length - 2, "\n\n") == 0;
    for (char *line = good ? text.data + 7 : NULL, *end; good && *line; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        good = take_line(&reader, line);
    }
    orl_text_uninit(&text);
    if (ret == ORL_OK && (!good || reader.cues == 0 || reader.end != time_of(spec, spec->frames)))
        ret = orl_whole_wrong(spec, "its cues do not fit the film", err);
    facts->frames = spec->frames;
    facts->seconds = (double)spec->frames * spec->fps_den / spec->fps_num;
    return ret;
}

static uint64_t vtt_bytes(const struct orl_output_spec *spec)
{
    return 64 +
           (uint64_t)spec->frames * (uint64_t)spec->fps_den / (uint64_t)spec->fps_num * 2 * 160;
}

static uint64_t vtt_memory(const struct orl_output_spec *spec)
{
    return vtt_bytes(spec) + (1 << 20);
}

static const struct orl_format_ops ops = {.segment = vtt_segment,
                                          .join = orl_whole_join,
                                          .verify = vtt_verify,
                                          .estimate_bytes = vtt_bytes,
                                          .estimate_memory = vtt_memory};
static const char *const beside[] = {"mp4", "webm", "mkv", NULL};

const struct orl_format_desc orl_sidecar_vtt = {
    .name = "vtt",
    .extension = ".vtt",
    .title = "WebVTT",
    .description = "start, events and finding as captions of a video",
    .home = "web",
    .captions = true,
    .beside = beside,
    .ops = &ops,
};
