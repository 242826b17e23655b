/* PDF: a vector page for each frame over a background that stands in the file once, for LaTeX's
 * animate. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/text.h"
#include "encode/whole.h"

/* A slide of beamer's aspectratio=169, in points of 1/72 inch: 160 mm x 90 mm. */
#define PAGE_WIDTH_PT  (160.0 / 25.4 * 72.0)
#define PAGE_HEIGHT_PT (90.0 / 25.4 * 72.0)

/* The least page of the picture's shape that covers a slide: text keeps its size whatever the
 * shape. */
static double px_pt(const struct orl_output_spec *spec)
{
    return fmax(PAGE_WIDTH_PT / spec->width, PAGE_HEIGHT_PT / spec->height);
}

/* https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970. False where it is
 * not set, or no such number. */
static bool told_date(char out[32])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;
    struct tm when;
    if (!epoch || !orl_int64_parse(epoch, strlen(epoch), &seconds) || seconds < 0)
        return false;
    time_t time = (time_t)seconds;
    return gmtime_r(&time, &when) && strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &when) > 0;
}

static int pdf_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source,
                       size_t first, size_t count, struct orl_sink out, struct orl_error *err)
{
    char date[32];
    const struct orl_document_spec pages = {.kind = ORL_DOCUMENT_PDF,
                                            .width = spec->width,
                                            .height = spec->height,
                                            .px_pt = px_pt(spec),
                                            .title = spec->title,
                                            .date = told_date(date) ? date : NULL};
    return orl_whole_document(spec, &pages, source, first, count, out, err);
}

/* ---- Reading it back (PDF 1.4, sections 3.4 and 3.6): every object is where the table says, every
 * stream is as long as it says, and there is a page of the right size for each frame. */

enum { OBJECT_BYTES = 512, ENTRY_BYTES = 20 };

struct reader {
    const struct orl_output_spec *spec;
    const struct orl_stream *file;
    struct orl_error *err;
    int64_t entries; /* where the table of objects has its entries */
    size_t objects, pages;
    int64_t pages_said;            /* by the page tree */
    char object[OBJECT_BYTES + 1]; /* the beginning of one */
};

static int wrong(struct reader *r, const char *reason)
{
    return orl_whole_wrong(r->spec, reason, r->err);
}

/* A 0-terminated piece of the file; it may be shorter than asked for at the file's end. */
static int read_text(struct reader *r, int64_t at, char *text, size_t size)
{
    int64_t left = r->file->size(r->file->context) - at;
    if (at < 0 || left <= 0)
        return wrong(r, "it points past its end");
    size_t length = left < (int64_t)size ? (size_t)left : size;
    text[length] = '\0';
    return orl_whole_read(r->spec, r->file, at, text, length, r->err);
}

/* A whole number in digits; -1 where there is none. */
static int64_t number_at(const char *text)
{
    int64_t value;
    text += strspn(text, " \n");
    size_t length = strspn(text, "0123456789");
    return length && orl_int64_parse(text, length, &value) ? value : -1;
}

static int object_place(struct reader *r, int64_t index, int64_t *place)
{
    char entry[ENTRY_BYTES + 1];
    if (index < 1 || index >= (int64_t)r->objects)
        return wrong(r, "it names an object that is not there");
    int ret = read_text(r, r->entries + index * ENTRY_BYTES, entry, ENTRY_BYTES);
    if (ret != ORL_OK)
        return ret;
    *place = number_at(entry);
    return *place >= 0 && entry[17] == 'n' ? ORL_OK : wrong(r, "its table of objects is broken");
}

/* The number that an object is: lengths of streams are written behind them. */
static int object_number(struct reader *r, int64_t index, int64_t *value)
{
    char text[64];
    int64_t place;
    int ret = object_place(r, index, &place);
    if (ret == ORL_OK)
        ret = read_text(r, place, text, sizeof text - 1);
    const char *body = ret == ORL_OK ? strstr(text, "obj") : NULL;
    *value = body ? number_at(body + 3) : -1;
    return ret == ORL_OK && *value < 0 ? wrong(r, "a stream has no length") : ret;
}

static int check_stream(struct reader *r, int64_t place, const char *begin)
{
    static const char end[] = "\nendstream";
    char found[sizeof end];
    int64_t length;
    const char *said = strstr(r->object, "/Length ");
    if (!said || said > begin)
        return wrong(r, "a stream has no length");
    int ret = object_number(r, number_at(said + 8), &length);
    if (ret == ORL_OK)
        ret = read_text(r, place + (begin - r->object) + 7 + length, found, sizeof end - 1);
    return ret == ORL_OK && strcmp(found, end) != 0 ? wrong(r, "a stream is not as long as it says")
                                                    : ret;
}

static bool has_size(const struct reader *r, const char *box)
{
    double values[4], scale = px_pt(r->spec);
    const char *at = box;
    for (int i = 0; i < 4; i++) {
        at += strspn(at, " [");
        size_t length = strspn(at, "0123456789.");
        if (!orl_double_parse(at, length, &values[i]))
            return false;
        at += length;
    }
    return fabs(values[2] - values[0] - scale * r->spec->width) < 0.01 &&
           fabs(values[3] - values[1] - scale * r->spec->height) < 0.01;
}

/* The page tree's root: its children come first, its count behind them. */
static int read_count(struct reader *r, int64_t place)
{
    char piece[4096 + 1];
    const char *found = NULL;
    int ret = ORL_OK;
    for (; ret == ORL_OK && !found; place += 4096 - 32) {
        ret = read_text(r, place, piece, 4096);
        found = ret == ORL_OK ? strstr(piece, "/Count ") : NULL;
        if (found && found - piece > 4096 - 32)
            found = NULL; /* the next piece has all of it */
        if (!found && ret == ORL_OK && strstr(piece, "endobj"))
            break;
    }
    r->pages_said = found ? number_at(found + 7) : -1;
    return ret;
}

static int check_object(struct reader *r, int64_t index)
{
    static const char page[] = "<< /Type /Page", tree[] = "<< /Type /Pages";
    char head[32];
    int64_t place;
    int ret = object_place(r, index, &place);
    if (ret == ORL_OK)
        ret = read_text(r, place, r->object, OBJECT_BYTES);
    if (ret != ORL_OK)
        return ret;
    int length = snprintf(head, sizeof head, "%lld 0 obj\n", (long long)index);
    if (strncmp(r->object, head, (size_t)length) != 0)
        return wrong(r, "an object is not where it should be");
    const char *body = r->object + length, *end = strstr(body, "endobj"),
               *stream = strstr(body, "stream\n");
    if (strncmp(body, tree, sizeof tree - 1) == 0)
        return read_count(r, place);
    if (strncmp(body, page, sizeof page - 1) == 0) {
        const char *box = strstr(body, "/MediaBox");
        r->pages++;
        return box && has_size(r, box + 9) ? ORL_OK : wrong(r, "a page has another size");
    }
    return stream && (!end || stream < end) ? check_stream(r, place, stream) : ORL_OK;
}

/* From the end of the file to the table of objects. */
static int find_table(struct reader *r)
{
    char text[64 + 1];
    int64_t size = r->file->size(r->file->context), tail = size > 64 ? size - 64 : 0;
    int ret = read_text(r, 0, text, 8);
    if (ret == ORL_OK && strncmp(text, "%PDF-1.4", 8) != 0)
        return wrong(r, "it does not begin as a PDF");
    if (ret == ORL_OK)
        ret = read_text(r, tail, text, 64);
    const char *start = ret == ORL_OK ? strstr(text, "startxref\n") : NULL;
    if (ret == ORL_OK && (!start || strcmp(text + strlen(text) - 6, "%%EOF\n") != 0))
        return wrong(r, "it does not end as a PDF");
    int64_t table = start ? number_at(start + 10) : -1;
    if (ret == ORL_OK)
        ret = read_text(r, table, text, 32);
    if (ret != ORL_OK)
        return ret;
    const char *entries = strncmp(text, "xref\n0 ", 7) == 0 ? strchr(text + 7, '\n') : NULL;
    int64_t count = entries ? number_at(text + 7) : -1;
    if (count < 1 || count > (size - table) / ENTRY_BYTES)
        return wrong(r, "its table of objects is broken");
    r->entries = table + (entries + 1 - text);
    r->objects = (size_t)count;
    return ORL_OK;
}

static int pdf_verify(const struct orl_output_spec *spec, const struct orl_stream *file,
                      struct orl_output_facts *facts, struct orl_error *err)
{
    struct reader reader = {.spec = spec, .file = file, .err = err, .pages_said = -1};
    int ret = find_table(&reader);
    for (size_t i = 1; ret == ORL_OK && i < reader.objects; i++)
        ret = check_object(&reader, (int64_t)i);
    if (ret == ORL_OK &&
        (reader.pages != spec->frames || reader.pages_said != (int64_t)spec->frames))
        ret = orl_fail(err, ORL_FAIL, "the finished PDF has %zu pages; it should have %zu",
                       reader.pages, spec->frames);
    facts->frames = reader.pages;
    facts->seconds = (double)reader.pages * spec->fps_den / spec->fps_num;
    return ret;
}

/* Fewer pages, and so a lower rate, are all that makes a PDF of lines smaller. */
static bool pdf_tighten(struct orl_output_spec *spec, struct orl_value *values, size_t level,
                        char what[ORL_TIGHTENED_SIZE])
{
    static const int shares[][2] = {{2, 3}, {1, 2}, {1, 3}, {1, 4}, {1, 6}, {1, 8}};
    (void)values;
    if (level > ORL_COUNT(shares))
        return false;
    int num = spec->fps_num * shares[level - 1][0], den = spec->fps_den * shares[level - 1][1],
        a = num, b = den;
    while (b) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    spec->fps_num = num / a;
    spec->fps_den = den / a;
    snprintf(what, ORL_TIGHTENED_SIZE, "%.4g pages per second",
             (double)spec->fps_num / spec->fps_den);
    return true;
}

static uint64_t pdf_memory(const struct orl_output_spec *spec)
{
    (void)spec;
    return 24 << 20;
}

static const struct orl_format_ops ops = {.segment = pdf_segment,
                                          .join = orl_whole_join,
                                          .verify = pdf_verify,
                                          .tighten = pdf_tighten,
                                          .cost = {36e3, 6400.0, 0.08, 2.0, 0.0},
                                          .estimate_memory = pdf_memory};

const struct orl_format_desc orl_format_pdf = {
    .name = "pdf",
    .extension = ".pdf",
    .title = "PDF",
    .description = "LaTeX slides: a page for each frame, shown by the .tex beside it",
    .home = "beamer",
    .fresh_process = true,
    .dated = true,
    .tex = true,
    .frames_most = 120,
    .picture = true,
    .alpha = true,
    .ops = &ops,
};
