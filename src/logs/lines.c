/* What training loops print: "epoch 3: loss=0.12 val_loss=0.34", "step 250 | loss 0.12 | lr 1e-3",
 * "Epoch [3/20], Loss: 0.12", "{'loss': 0.12, 'epoch': 0.5}". A number belongs to the words right
 * before it; a line without a count of its own has that of the line before. */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "logs/format.h"
#include "logs/sense.h"

enum { NAME_BYTES = 48, HEAD_LINES = 200, LIKE_LINES = 2 };

/* A number of a line, and what it is called. */
struct named {
    char name[NAME_BYTES];
    double value;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_byte(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '@' || c == '-';
}

/* Between a name and its number. */
static bool links(char c)
{
    return c == ' ' || c == '\t' || c == '=' || c == ':' || c == '[' || c == '(' || c == '"' ||
           c == '\'' || c == '#';
}

/* A token that begins with a digit, a sign or a point; how long it is, up to where words end. */
static size_t token_length(const char *at)
{
    size_t length = 0;
    while (is_name_byte(at[length]) || at[length] == '+' || at[length] == '%')
        length++;
    return length;
}

/* The words before a number, of those up to three that stand together. */
static void name_take(const char *line, size_t begin, size_t end, char *name)
{
    size_t words = 0, from = end;
    while (from > begin && words < 3) {
        size_t at = from;
        while (at > begin && line[at - 1] == ' ')
            at--;
        size_t word = at;
        while (word > begin && is_name_byte(line[word - 1]))
            word--;
        if (word == at || !is_letter(line[word]) || (words && at == from))
            break;
        from = word;
        words++;
    }
    size_t length = end - from < NAME_BYTES - 1 ? end - from : NAME_BYTES - 1;
    memcpy(name, line + from, length);
    name[length] = '\0';
}

static bool number_take(const char *at, size_t length, double *value)
{
    while (length > 0 && (at[length - 1] == '.' || at[length - 1] == '%'))
        length--;
    const char *slash = memchr(at, '/', length); /* 3/20: the third of twenty */
    return length > 0 && orl_log_number(at, slash ? (size_t)(slash - at) : length, value);
}

/* The next number that has a name, from *at on; false at the line's end. */
static bool named_next(const char *line, size_t *at, struct named *out)
{
    size_t begin = *at; /* what a name may reach back to */
    for (size_t i = *at; line[i];) {
        bool number = (line[i] >= '0' && line[i] <= '9') ||
                      ((line[i] == '-' || line[i] == '+' || line[i] == '.') && line[i + 1] >= '0' &&
                       line[i + 1] <= '9') ||
                      strncasecmp(line + i, "nan", 3) == 0 || strncasecmp(line + i, "inf", 3) == 0;
        bool fresh = i == 0 || !is_name_byte(line[i - 1]) || line[i - 1] == '-';
        size_t length = number && fresh ? token_length(line + i) : 0;
        if (length == 0) {
            i++;
            continue;
        }
        size_t end = i;
        while (end > begin && links(line[end - 1]))
            end--;
        bool linked = end < i && end > begin && is_name_byte(line[end - 1]);
        bool whole = number_take(line + i, length, &out->value);
        i += length;
        out->name[0] = '\0';
        if (linked && whole)
            name_take(line, begin, end, out->name);
        begin = i;
        if (out->name[0]) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* The rows of a log: a line that counts begins one. */
struct printed {
    struct log_records *records;
    struct log_record *record;
};

static int number_add(struct printed *p, const struct named *named, struct orl_error *err)
{
    struct log_series *series =
        orl_log_series_get(p->records, p->record, named->name, strlen(named->name), err);
    if (!series)
        return err->code;
    /* "loss 0.5 (avg loss 0.6)": what stands first in a line is this line's. */
    if (series->count && series->at[series->count - 1] == p->record->rows)
        return ORL_OK;
    return orl_log_series_add(p->records, series, p->record->rows, named->value, err);
}

/* The only count of a line, where it is none of epochs. "step 100: val loss 0.3" and "iter
 * 100: loss 0.2" count the same. */
static bool counts_alone(const char *line, struct named *out)
{
    struct named named;
    size_t at = 0, counts = 0;
    while (named_next(line, &at, &named))
        if (orl_log_counts_steps(named.name)) {
            *out = named;
            counts++;
        }
    return counts == 1 && strncasecmp(out->name, "epoch", 5) != 0;
}

static int line_take(struct printed *p, const char *line, struct orl_error *err)
{
    struct named named, count = {.name = ""};
    bool alone = counts_alone(line, &count);
    size_t at = 0, found = 0;
    int ret = ORL_OK;
    while (ret == ORL_OK && named_next(line, &at, &named)) {
        if (alone && strcmp(named.name, count.name) == 0)
            strcpy(named.name, "step");
        ret = number_add(p, &named, err);
        found++;
    }
    p->record->rows += found > 0;
    return ret;
}

static int lines_read(struct log_input *in, struct log_records *records, struct orl_error *err)
{
    struct printed p = {.records = records, .record = orl_log_record_get(records, "", err)};
    int more = p.record ? 1 : err->code;
    char *line;
    size_t length;
    while (more > 0 && (more = orl_log_input_line(in, &line, &length, err)) > 0) {
        /* A progress bar writes its line again and again: the last one stands. */
        char *again = strrchr(line, '\r');
        int ret = line_take(&p, again ? again + 1 : line, err);
        more = ret == ORL_OK ? 1 : ret;
    }
    return more;
}

/* ---- Telling it ------------------------------------------------------------------------------ */

/* Whether a line has a count, and something else that has a name. */
static bool line_is_like(const char *line, bool *counts, bool *measures)
{
    struct named named;
    size_t at = 0;
    *counts = *measures = false;
    while (named_next(line, &at, &named)) {
        if (orl_log_counts_steps(named.name))
            *counts = true;
        else if (!orl_log_no_metric(named.name))
            *measures = true;
    }
    return *counts && *measures;
}

/* An experiment file may say "step: 18" and numbers beside it. */
static bool is_experiment(const char *line)
{
    static const char *const keys[] = {"problems:", "optimizers:", "runs:", "films:", "output:"};
    for (size_t i = 0; i < ORL_COUNT(keys); i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

static bool head_has_lines(const struct log_head *head)
{
    size_t like = 0, lines = 0;
    bool counted = false;
    for (const char *at = (const char *)head->bytes; *at && lines < HEAD_LINES; lines++) {
        size_t length = strcspn(at, "\n");
        char line[512];
        bool counts, measures;
        size_t kept = length < sizeof line - 1 ? length : sizeof line - 1;
        memcpy(line, at, kept);
        line[kept] = '\0';
        if (is_experiment(line))
            return false;
        bool both = line_is_like(line, &counts, &measures);
        like += both || (counted && measures && !counts);
        counted = counts && !measures;
        at += length + (at[length] == '\n');
    }
    return like >= LIKE_LINES || (like == 1 && lines == 1);
}

static bool lines_recognise(const struct log_head *head)
{
    return !memchr(head->bytes, '\0', head->length) && head_has_lines(head);
}

const struct orl_log_format orl_log_lines = {
    .name = "lines",
    .title = "lines of text",
    .recognise = lines_recognise,
    .read = lines_read,
    .common = true,
    .rank = 3, /* a console's output lies beside many logs */
};
