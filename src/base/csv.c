/* Tables as text, a record at a time. */
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/csv_separator.h"
#include "base/filekind.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utf16.h"

enum { CHUNK = 1 << 16, WIDE_CHUNK = CHUNK / 2 }; /* of the text, and of UTF-16 for as much */

struct csv_reader {
    const char *shown;
    const struct orl_limits *limits;
    struct orl_messages *messages;
    struct orl_sha256 hash;
    int fd;
    size_t at, fill; /* in chunk */
    bool end, header_seen, hashing, header_comment, skipped;
    bool is_wide; /* the file is UTF-16: `chunk` holds what `wide` made of it */
    struct orl_utf16 wide;
    unsigned next_line;
    struct orl_csv_dialect dialect;
    struct orl_text raw;   /* the record as it stands in the file, without its line end */
    struct orl_text cells; /* its fields, each 0-terminated */
    size_t field_capacity;
    char chunk[CHUNK];
};

/* ---- Messages -------------------------------------------------------------------------------- */

/* Where an offset of the record stands: a record may go over several lines. */
static struct orl_place place_of(const struct orl_csv *csv, size_t offset)
{
    const struct csv_reader *r = csv->reader;
    struct orl_place place = {.file = r->shown, .line = csv->line, .column = 1};
    const char *start = r->raw.data;
    if (!start)
        return place;
    const char *end = start + r->raw.length;
    for (const char *p = start; p < r->raw.data + offset; p++)
        if (*p == '\n') {
            start = p + 1;
            place.line++;
        }
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    place.source = start;
    place.source_length = (size_t)((stop ? stop : end) - start);
    place.column = (unsigned)orl_utf8_count(start, (size_t)(r->raw.data + offset - start)) + 1;
    return place;
}

int orl_csv_fault(struct orl_csv *csv, const struct orl_csv_field *field, const char *hint,
                  const char *format, ...)
{
    struct orl_place place = place_of(csv, field ? field->offset : 0);
    va_list arguments;
    va_start(arguments, format);
    int ret = orl_messages_vadd(csv->reader->messages, ORL_SEVERITY_ERROR, &place, hint, format,
                                arguments);
    va_end(arguments);
    return ret;
}

void orl_csv_warn(struct orl_csv *csv, const struct orl_csv_field *field, const char *format, ...)
{
    struct orl_place place = place_of(csv, field ? field->offset : 0);
    va_list arguments;
    va_start(arguments, format);
    (void)orl_messages_vadd(csv->reader->messages, ORL_SEVERITY_WARNING, &place, NULL, format,
                            arguments);
    va_end(arguments);
}

void orl_csv_warn_line(struct orl_csv *csv, unsigned line, const char *format, ...)
{
    struct orl_place place = {.file = csv->reader->shown, .line = line, .column = 1};
    va_list arguments;
    va_start(arguments, format);
    (void)orl_messages_vadd(csv->reader->messages, ORL_SEVERITY_WARNING, &place, NULL, format,
                            arguments);
    va_end(arguments);
}

/* A fault at an offset of the record. */
static int fault_at(struct orl_csv *csv, size_t offset, const char *hint, const char *text)
{
    struct orl_csv_field field = {.offset = offset};
    return orl_csv_fault(csv, &field, hint, "%s", text);
}

static int whole_file_fault(struct csv_reader *r, const char *hint, const char *text)
{
    struct orl_place place = {.file = r->shown, .line = 1, .column = 1};
    return orl_messages_add(r->messages, ORL_SEVERITY_ERROR, &place, hint, "%s", text);
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

static int bytes_read(struct csv_reader *r, char *bytes, size_t room, size_t *length)
{
    ssize_t got;
    do
        got = read(r->fd, bytes, room);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return whole_file_fault(r, NULL, strerror(errno));
    *length = (size_t)got;
    r->at = 0;
    r->end = got == 0;
    if (r->hashing || r->is_wide)
        orl_sha256_update(&r->hash, bytes, *length);
    return ORL_OK;
}

/* The next piece of UTF-16; one that is half a character is read on. */
static int refill_wide(struct csv_reader *r)
{
    char bytes[WIDE_CHUNK];
    size_t length = 0;
    do {
        int ret = bytes_read(r, bytes, sizeof bytes, &length);
        if (ret != ORL_OK)
            return ret;
        r->fill = orl_utf16_decode(&r->wide, bytes, length, r->chunk);
    } while (r->fill == 0 && !r->end);
    return ORL_OK;
}

static int refill(struct csv_reader *r)
{
    return r->is_wide ? refill_wide(r) : bytes_read(r, r->chunk, sizeof r->chunk, &r->fill);
}

/* What is no table is told by its first bytes. */
static int check_kind(struct csv_reader *r)
{
    r->is_wide = orl_utf16_begins(r->chunk, r->fill, &r->wide);
    if (r->is_wide)
        return lseek(r->fd, 0, SEEK_SET) == 0 ? refill(r)
                                              : whole_file_fault(r, NULL, strerror(errno));
    const struct orl_filekind *kind = orl_filekind_find(r->chunk, r->fill);
    if (kind)
        return whole_file_fault(r, kind->hint, kind->what);
    if (r->fill >= 3 && memcmp(r->chunk, "\xef\xbb\xbf", 3) == 0)
        r->at = 3;
    return ORL_OK;
}

static int open_file(struct csv_reader *r, const char *path)
{
    struct stat status;
    r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (r->fd < 0 || fstat(r->fd, &status) != 0)
        return whole_file_fault(r, NULL,
                                errno == ENOENT ? "there is no such file" : strerror(errno));
    if (!S_ISREG(status.st_mode))
        return whole_file_fault(r, NULL, "this is not a regular file");
    if ((uint64_t)status.st_size > r->limits->csv_bytes) {
        char text[120];
        snprintf(text, sizeof text, "the file has %lld bytes; at most %llu (--max-csv-bytes)",
                 (long long)status.st_size, (unsigned long long)r->limits->csv_bytes);
        return whole_file_fault(r, NULL, text);
    }
    int ret = refill(r);
    return ret == ORL_OK ? check_kind(r) : ret;
}

int orl_csv_open(const char *path, const char *shown, const struct orl_limits *limits,
                 struct orl_messages *messages, struct orl_csv *csv)
{
    *csv = (struct orl_csv){.reader = orl_calloc(1, sizeof *csv->reader)};
    struct csv_reader *r = csv->reader;
    if (!r)
        return ORL_ENOMEM;
    r->shown = shown;
    r->limits = limits;
    r->messages = messages;
    r->next_line = 1;
    orl_sha256_init(&r->hash);
    int ret = open_file(r, path);
    if (ret != ORL_OK)
        orl_csv_close(csv);
    return ret;
}

void orl_csv_close(struct orl_csv *csv)
{
    struct csv_reader *r = csv->reader;
    if (r) {
        if (r->fd >= 0)
            close(r->fd);
        orl_text_uninit(&r->raw);
        orl_text_uninit(&r->cells);
        free(r);
    }
    free(csv->fields);
    *csv = (struct orl_csv){0};
}

void orl_csv_hash(struct orl_csv *csv)
{
    csv->reader->hashing = true;
    if (!csv->reader->is_wide) /* the first chunk is there already */
        orl_sha256_update(&csv->reader->hash, csv->reader->chunk, csv->reader->fill);
}

void orl_csv_digest(struct orl_csv *csv, uint8_t digest[32])
{
    orl_sha256_final(&csv->reader->hash, digest);
}

/* ---- Records --------------------------------------------------------------------------------- */

/* What was appended to the record since `from` is text: UTF-8 without NUL bytes. */
static int check_text(struct orl_csv *csv, size_t from)
{
    const struct orl_text *raw = &csv->reader->raw;
    unsigned char odd = 0, none = 0;
    for (size_t i = from; i < raw->length; i++) { /* the common case, without a branch per byte */
        odd |= (unsigned char)raw->data[i];
        none |= raw->data[i] == '\0';
    }
    for (size_t i = from; (none || odd & 0x80) && i < raw->length;) {
        uint32_t code_point;
        size_t size = orl_utf8_decode(raw->data + i, raw->length - i, &code_point);
        if (size == 0)
            return fault_at(csv, i, "save it as UTF-8", "bytes that are not UTF-8");
        if (code_point == 0)
            return fault_at(csv, i, NULL, "a NUL byte: this is not text");
        i += size;
    }
    return ORL_OK;
}

/* Where a line ends in the chunk: at LF, or at a CR that none follows; NULL: not in this chunk. A
 * CR at its very end is left to the next one. */
static const char *line_end(const struct csv_reader *r, const char *start)
{
    size_t length = r->fill - r->at;
    const char *stop = memchr(start, '\n', length),
               *cr = memchr(start, '\r', stop ? (size_t)(stop - start) : length);
    return cr && cr + 1 < start + length && cr[1] != '\n' ? cr : stop;
}

/* Append the next line of the file to the record; *found tells whether there was one. */
static int take_line(struct orl_csv *csv, bool *found)
{
    struct csv_reader *r = csv->reader;
    size_t from = r->raw.length;
    *found = false;
    for (;;) {
        if (r->at == r->fill && !r->end) {
            int ret = refill(r);
            if (ret != ORL_OK)
                return ret;
        }
        if (r->at == r->fill)
            break;
        if (r->raw.length > from && r->raw.data[r->raw.length - 1] == '\r' &&
            r->chunk[r->at] != '\n')
            break; /* a CR alone, at the end of the chunk before */
        const char *start = r->chunk + r->at, *stop = line_end(r, start);
        size_t size = stop ? (size_t)(stop - start) : r->fill - r->at;
        *found = true;
        orl_text_append(&r->raw, start, size);
        r->at += size + (stop != NULL);
        if (r->raw.length > r->limits->csv_line_bytes)
            return fault_at(csv, 0, NULL, "the line is too long (--max-csv-line-bytes)");
        if (stop)
            break;
    }
    if (*found && r->raw.length && r->raw.data[r->raw.length - 1] == '\r')
        r->raw.data[--r->raw.length] = '\0';
    r->next_line += *found;
    return r->raw.failed ? ORL_ENOMEM : check_text(csv, from);
}

/* A comment line; before the header "#" where nothing is said. */
static bool is_comment(const struct csv_reader *r, const char *line, size_t length)
{
    const char *mark = r->dialect.comment ? r->dialect.comment : r->header_seen ? "" : "#";
    for (; length > 0 && *line == ' ' && *mark != ' '; length--)
        line++;
    return *mark && length >= strlen(mark) && memcmp(line, mark, strlen(mark)) == 0;
}

/* The line below the header, as far as it is in the chunk. */
static const char *line_below(const struct csv_reader *r, size_t *length)
{
    const char *at = r->chunk + r->at, *end = r->chunk + r->fill;
    for (; at < end; at += *length + 1) {
        for (*length = 0; at + *length < end && !strchr("\r\n", at[*length]);)
            ++*length;
        if (*length > 0 && !is_comment(r, at, *length))
            return at;
    }
    *length = 0;
    return at;
}

/* Where the header's names begin and what separates them. "# x y" above two columns is a header,
 * too, where no line is a comment. */
static size_t header_open(struct orl_csv *csv)
{
    const struct csv_reader *r = csv->reader;
    const char *header = r->raw.data;
    size_t length = r->raw.length, below_length, mark = strspn(header, "#"), from = mark;
    const char *below = line_below(r, &below_length);
    bool told = csv->separator;
    if (!told)
        csv->separator = orl_separator_find(header, length, below, below_length);
    while (mark && from < length && orl_is_blank(header[from]))
        from++;
    if (told || from == mark || from == length)
        return 0;
    char bare = orl_separator_find(header + from, length - from, below, below_length);
    size_t names = orl_separator_fields(header + from, length - from, bare);
    if (orl_separator_fields(below, below_length, bare) != names)
        return 0;
    csv->separator = bare;
    return from;
}

static int add_field(struct orl_csv *csv, size_t begin, size_t offset, bool quoted)
{
    struct csv_reader *r = csv->reader;
    if (!orl_reserve((void **)&csv->fields, &r->field_capacity, csv->count + 1,
                     sizeof *csv->fields))
        return ORL_ENOMEM;
    size_t end = r->cells.length;
    /* an offset until all fields are there: the text may move */
    csv->fields[csv->count] =
        (struct orl_csv_field){.length = end - begin, .offset = offset, .quoted = quoted};
    if (csv->fields[csv->count].length > r->limits->csv_field_bytes)
        return fault_at(csv, offset, NULL, "the field is too long (--max-csv-field-bytes)");
    if (++csv->count > r->limits->csv_columns)
        return fault_at(csv, offset, NULL, "too many columns (--max-csv-columns)");
    orl_text_putc(&r->cells, '\0');
    return r->cells.failed ? ORL_ENOMEM : ORL_OK;
}

/* A quoted field from its opening quote on; *at ends after the closing one. Line ends inside belong
 * to it. */
static int take_quoted(struct orl_csv *csv, size_t *at)
{
    struct csv_reader *r = csv->reader;
    size_t open = *at;
    for (size_t i = open + 1;; i++) {
        if (i >= r->raw.length) {
            bool found;
            orl_text_putc(&r->raw, '\n');
            int ret = take_line(csv, &found);
            if (ret != ORL_OK || !found)
                return ret != ORL_OK
                           ? ret
                           : fault_at(csv, open, "a field that begins with a quote ends with one",
                                      "the quote does not end");
        }
        if (r->raw.data[i] == '"' && (i + 1 >= r->raw.length || r->raw.data[i + 1] != '"')) {
            *at = i + 1;
            return ORL_OK;
        }
        i += r->raw.data[i] == '"';
        orl_text_putc(&r->cells, r->raw.data[i]);
    }
}

static bool separates(const struct orl_csv *csv, char c)
{
    return csv->separator == ' ' ? orl_is_blank(c) : c == csv->separator;
}

static int take_plain(struct orl_csv *csv, size_t *at, size_t begin)
{
    struct csv_reader *r = csv->reader;
    for (; *at < r->raw.length && !separates(csv, r->raw.data[*at]); ++*at) {
        char c = r->raw.data[*at];
        if (c == '"')
            return fault_at(csv, *at, "a field with a quote is written in quotes, the quote twice",
                            "a quote inside a field");
        if (c == '\r')
            return fault_at(csv, *at, "line ends are LF or CRLF",
                            "a carriage return inside a line");
        orl_text_putc(&r->cells, c);
    }
    while (r->cells.length > begin && orl_is_blank(r->cells.data[r->cells.length - 1]))
        r->cells.data[--r->cells.length] = '\0';
    return ORL_OK;
}

static int take_field(struct orl_csv *csv, size_t *at)
{
    struct csv_reader *r = csv->reader;
    size_t begin = r->cells.length;
    while (*at < r->raw.length && orl_is_blank(r->raw.data[*at]) &&
           (csv->separator == ' ' || r->raw.data[*at] != csv->separator))
        ++*at;
    size_t offset = *at;
    bool quoted = *at < r->raw.length && r->raw.data[*at] == '"';
    int ret = quoted ? take_quoted(csv, at) : take_plain(csv, at, begin);
    if (ret != ORL_OK)
        return ret;
    while (quoted && *at < r->raw.length && orl_is_blank(r->raw.data[*at]) &&
           !separates(csv, r->raw.data[*at]))
        ++*at;
    if (*at < r->raw.length && !separates(csv, r->raw.data[*at]))
        return fault_at(csv, *at, NULL, "something follows the closing quote");
    return add_field(csv, begin, offset, quoted);
}

static int split(struct orl_csv *csv, size_t from)
{
    struct csv_reader *r = csv->reader;
    csv->count = 0;
    orl_text_clear(&r->cells);
    for (size_t at = from;; at++) {
        int ret = take_field(csv, &at);
        if (ret != ORL_OK)
            return ret;
        while (csv->separator == ' ' && at < r->raw.length && orl_is_blank(r->raw.data[at]))
            at++; /* blanks at the end of a line separate nothing */
        if (at >= r->raw.length)
            break;
        at -= csv->separator == ' ';
    }
    const char *cell = r->cells.data;
    for (size_t i = 0; i < csv->count; i++) {
        csv->fields[i].text = cell;
        cell += csv->fields[i].length + 1;
    }
    return 1;
}

static bool is_number(const struct orl_csv_field *field)
{
    double ignored;
    const char *comma = memchr(field->text, ',', field->length);
    return orl_double_parse(field->text, field->length, &ignored) ||
           (comma && orl_double_parse(field->text, (size_t)(comma - field->text), &ignored) &&
            strspn(comma + 1, "0123456789eE+-") ==
                field->length - 1 - (size_t)(comma - field->text));
}

/* Numbers alone are a first row: taken for a header it would be lost without a word. */
static int check_header(struct orl_csv *csv)
{
    const struct csv_reader *r = csv->reader;
    for (size_t i = 0; i < csv->count; i++)
        if (!is_number(&csv->fields[i]))
            return 1;
    return orl_csv_fault(
        csv, NULL,
        r->header_comment ? "the header must not begin with '#'; `comment: null` reads such lines"
        : r->skipped      ? "`skip` leaves out lines before the header, not the header"
                          : "the first line names the columns, as in x,y",
        "the header is missing: these are numbers");
}

/* Nothing but blanks; in a table of tabs these are a row of empty fields. */
static bool is_empty_line(const struct orl_csv *csv)
{
    const struct csv_reader *r = csv->reader;
    return r->raw.length == 0 || ((!r->header_seen || csv->separator != '\t') &&
                                  strspn(r->raw.data, " \t") == r->raw.length);
}

/* The next line that is one of the table, in `raw`; *found tells whether there was one. */
static int take_record_line(struct orl_csv *csv, bool *found)
{
    struct csv_reader *r = csv->reader;
    for (;;) {
        orl_text_clear(&r->raw);
        csv->line = r->next_line;
        int ret = take_line(csv, found);
        if (ret != ORL_OK || !*found)
            return ret;
        if (!r->header_seen && r->dialect.skip > 0) {
            r->dialect.skip--;
            r->skipped = true;
        } else if (is_empty_line(csv)) {
            continue;
        } else if (is_comment(r, r->raw.data, r->raw.length)) {
            if (r->header_seen && csv->comments++ == 0)
                csv->comment_line = csv->line;
            r->header_comment |= !r->header_seen;
        } else if (r->header_seen || csv->separator ||
                   !orl_separator_told(r->raw.data, r->raw.length, &csv->separator)) {
            return ORL_OK;
        }
    }
}

int orl_csv_next(struct orl_csv *csv)
{
    struct csv_reader *r = csv->reader;
    bool found;
    int ret = take_record_line(csv, &found);
    if (ret != ORL_OK || !found)
        return ret;
    ret = split(csv, r->header_seen ? 0 : header_open(csv));
    if (ret == 1 && !r->header_seen)
        ret = check_header(csv);
    r->header_seen = true;
    return ret;
}

void orl_csv_read_as(struct orl_csv *csv, const struct orl_csv_dialect *dialect)
{
    csv->reader->dialect = *dialect;
}

static bool has_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = line; length && at && (at = strstr(at, word)); at++) {
        char before = at > line ? at[-1] : ',', after = at[length] ? at[length] : ',';
        if (strchr(",;\t \"#", before) && strchr(",;\t \"", after))
            return true;
    }
    return false;
}

unsigned orl_csv_find_line(struct orl_csv *csv, const char *word)
{
    struct csv_reader *r = csv->reader;
    struct orl_text record = r->raw; /* that messages still show */
    unsigned line = 0;
    bool found = true;
    r->raw = (struct orl_text){0};
    for (unsigned tried = 0; tried < 100 && found && !line; tried++) {
        unsigned next = r->next_line;
        orl_text_clear(&r->raw);
        if (take_line(csv, &found) != ORL_OK)
            break;
        line = found && has_word(r->raw.data, word) ? next : 0;
    }
    orl_text_uninit(&r->raw);
    r->raw = record;
    return line;
}
