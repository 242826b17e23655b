/* Fields as lines of text, written, split, sent and received. */
#include "batch/fields.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

#define NULL_MARK "\\N"

static void separate(struct orl_text *line)
{
    if (line->length)
        orl_text_putc(line, '\t');
}

static char escaped(char c)
{
    switch (c) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\0':
        return '0';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

void orl_fields_put(struct orl_text *line, const char *bytes, size_t length)
{
    separate(line);
    for (size_t i = 0, begin = 0; i <= length; i++) {
        char code = i < length ? escaped(bytes[i]) : 0;
        if (i < length && !code)
            continue;
        orl_text_append(line, bytes + begin, i - begin);
        begin = i + 1;
        if (code) {
            orl_text_putc(line, '\\');
            orl_text_putc(line, code);
        }
    }
}

void orl_fields_put_string(struct orl_text *line, const char *string)
{
    if (string) {
        orl_fields_put(line, string, strlen(string));
        return;
    }
    separate(line);
    orl_text_puts(line, NULL_MARK);
}

void orl_fields_put_integer(struct orl_text *line, int64_t value)
{
    separate(line);
    orl_text_printf(line, "%lld", (long long)value);
}

void orl_fields_put_number(struct orl_text *line, double value)
{
    char buffer[ORL_NUMBER_SIZE];
    separate(line);
    orl_double_exact(buffer, value);
    orl_text_puts(line, buffer);
}

/* Undo the escapes of one field in place; the NULL mark becomes a NULL item. */
static bool unescape(char *field, size_t *length)
{
    size_t to = 0;
    for (size_t i = 0; i < *length; i++) {
        char c = field[i];
        if (c == '\\') {
            static const char codes[] = "tn0\\", bytes[] = "\t\n\0\\";
            const char *code = ++i < *length && field[i] ? strchr(codes, field[i]) : NULL;
            if (!code)
                return false;
            c = bytes[code - codes];
        }
        field[to++] = c;
    }
    field[to] = '\0';
    *length = to;
    return true;
}

static int take_apart(struct orl_fields *out, size_t length)
{
    size_t index = 0;
    for (size_t begin = 0, i = 0; i <= length; i++) {
        if (i < length && out->storage[i] != '\t')
            continue;
        size_t size = i - begin;
        out->storage[i] = '\0';
        out->items[index] = out->storage + begin;
        if (size == 2 && memcmp(out->storage + begin, NULL_MARK, 2) == 0)
            out->items[index] = NULL;
        else if (!unescape(out->storage + begin, &size))
            return ORL_FAIL;
        out->lengths[index++] = size;
        begin = i + 1;
    }
    out->count = index;
    return ORL_OK;
}

int orl_fields_split(const char *line, size_t length, struct orl_fields *out)
{
    size_t count = 1;
    *out = (struct orl_fields){0};
    for (size_t i = 0; i < length; i++)
        count += line[i] == '\t';
    out->storage = orl_strndup(line, length);
    out->items = orl_calloc(count, sizeof *out->items);
    out->lengths = orl_calloc(count, sizeof *out->lengths);
    int ret = out->storage && out->items && out->lengths ? take_apart(out, length) : ORL_ENOMEM;
    if (ret != ORL_OK)
        orl_fields_uninit(out);
    return ret;
}

void orl_fields_uninit(struct orl_fields *fields)
{
    free(fields->storage);
    free(fields->items);
    free(fields->lengths);
    *fields = (struct orl_fields){0};
}

const char *orl_fields_get(struct orl_fields *fields, size_t *length)
{
    if (fields->next >= fields->count || !fields->items[fields->next]) {
        fields->failed = true;
        fields->next++;
        if (length)
            *length = 0;
        return "";
    }
    if (length)
        *length = fields->lengths[fields->next];
    return fields->items[fields->next++];
}

const char *orl_fields_get_string(struct orl_fields *fields)
{
    if (fields->next < fields->count && !fields->items[fields->next]) {
        fields->next++;
        return NULL;
    }
    return orl_fields_get(fields, NULL);
}

int64_t orl_fields_get_integer(struct orl_fields *fields)
{
    size_t length;
    int64_t value = 0;
    const char *text = orl_fields_get(fields, &length);
    if (!orl_int64_parse(text, length, &value))
        fields->failed = true;
    return value;
}

double orl_fields_get_number(struct orl_fields *fields)
{
    size_t length;
    double value = NAN;
    const char *text = orl_fields_get(fields, &length);
    if (strcmp(text, "nan") == 0)
        return NAN;
    if (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0)
        return *text == '-' ? -INFINITY : INFINITY;
    if (!orl_double_parse(text, length, &value))
        fields->failed = true;
    return value;
}

static int send_all(int fd, const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t wrote = write(fd, from, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return ORL_FAIL;
        from += wrote;
        length -= (size_t)wrote;
    }
    return ORL_OK;
}

static int receive_all(int fd, void *bytes, size_t length)
{
    char *to = bytes;
    while (length > 0) {
        ssize_t got = read(fd, to, length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ORL_FAIL;
        to += got;
        length -= (size_t)got;
    }
    return ORL_OK;
}

int orl_fields_send(int fd, const struct orl_text *line)
{
    uint32_t length = (uint32_t)line->length;
    if (line->failed || line->length > UINT32_MAX)
        return ORL_FAIL;
    int ret = send_all(fd, &length, sizeof length);
    return ret == ORL_OK ? send_all(fd, line->data, line->length) : ret;
}

int orl_fields_receive(int fd, struct orl_fields *out)
{
    uint32_t length;
    *out = (struct orl_fields){0};
    if (receive_all(fd, &length, sizeof length) != ORL_OK)
        return ORL_FAIL;
    char *line = orl_calloc((size_t)length + 1, 1);
    if (!line)
        return ORL_ENOMEM;
    int ret = receive_all(fd, line, length);
    if (ret == ORL_OK)
        ret = orl_fields_split(line, length, out);
    free(line);
    return ret;
}
