/* Types of the keys of `output`: sizes, rates, numbers of bytes, files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/types.h"

enum { SIDE_MIN = 16, CELLS_MOST = 20 };
#define SIZE_CAP_MOST 1e15

/* ---- Sizes and rates ------------------------------------------------------------------------- */

static bool pair_parse(const char *text, int64_t *width, int64_t *height)
{
    const char *x = strchr(text, 'x');
    return x && orl_int64_parse(text, (size_t)(x - text), width) &&
           orl_int64_parse(x + 1, strlen(x + 1), height);
}

bool orl_read_size(struct loader *l, const struct yaml_node *node, int *width, int *height)
{
    const struct orl_limits *limits = l->source.limits;
    int64_t w, h;
    if (!orl_read_kind(l, node, YAML_SCALAR, "size"))
        return false;
    if (!pair_parse(node->text, &w, &h))
        return orl_read_fault(l, node, "such as 1280x720",
                              "size must be WIDTHxHEIGHT in pixels, not '%s'", node->text);
    if (w < SIDE_MIN || h < SIDE_MIN || (uint64_t)w > limits->side_px ||
        (uint64_t)h > limits->side_px)
        return orl_read_fault(l, node, NULL,
                              "size %s: both sides must be from %d to %llu pixels (--max-side-px)",
                              node->text, SIDE_MIN, (unsigned long long)limits->side_px);
    if (w % 2 || h % 2)
        return orl_read_fault(l, node, "video stores colours for blocks of 2x2 pixels",
                              "size %s: both sides must be even", node->text);
    if ((uint64_t)w * (uint64_t)h > limits->pixels)
        return orl_read_fault(l, node, NULL, "size %s has more than %llu pixels (--max-pixels)",
                              node->text, (unsigned long long)limits->pixels);
    *width = (int)w;
    *height = (int)h;
    return true;
}

bool orl_read_cells(struct loader *l, const struct yaml_node *node, int *columns, int *rows)
{
    int64_t wide = 0, high = 0;
    if (!orl_read_kind(l, node, YAML_SCALAR, "contact"))
        return false;
    if (!pair_parse(node->text, &wide, &high) || wide < 1 || wide > CELLS_MOST || high < 1 ||
        high > CELLS_MOST)
        return orl_read_fault(l, node, "such as 4x3",
                              "contact must be COLUMNSxROWS of at most %d each, not '%s'",
                              CELLS_MOST, node->text);
    *columns = (int)wide;
    *rows = (int)high;
    return true;
}

int64_t orl_common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* "30", "29.97", "30000/1001". */
bool orl_read_rate(struct loader *l, const struct yaml_node *node, int *num, int *den)
{
    if (!orl_read_kind(l, node, YAML_SCALAR, "fps"))
        return false;
    const char *slash = strchr(node->text, '/');
    double rate, below = 1.0;
    bool good = orl_double_parse(node->text,
                                 slash ? (size_t)(slash - node->text) : strlen(node->text), &rate);
    good =
        good && (!slash || (orl_double_parse(slash + 1, strlen(slash + 1), &below) && below > 0.0));
    if (!good)
        return orl_read_fault(l, node, "frames per second, such as 30 or 30000/1001",
                              "fps must be a number, not '%s'", node->text);
    if (!(rate / below >= 1.0 && rate / below <= (double)l->source.limits->fps))
        return orl_read_fault(l, node, NULL, "fps must be from 1 to %llu, not %s (--max-fps)",
                              (unsigned long long)l->source.limits->fps, node->text);
    bool whole = rate == floor(rate) && below == floor(below) && rate < 1e6 && below < 1e6;
    int64_t n = whole ? (int64_t)rate : llround(rate / below * 1000.0),
            d = whole ? (int64_t)below : 1000;
    int64_t divisor = orl_common_divisor(n, d);
    *num = (int)(n / divisor);
    *den = (int)(d / divisor);
    return true;
}

/* "0", "5 MB", "800 kB", "2MiB". */
static bool bytes_parse(struct loader *l, const struct yaml_node *node, int64_t *bytes)
{
    static const struct {
        const char *name;
        double bytes;
    } units[] = {{"", 1.0},       {"B", 1.0},         {"kB", 1e3},
                 {"KB", 1e3},     {"MB", 1e6},        {"GB", 1e9},
                 {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};
    if (!orl_read_kind(l, node, YAML_SCALAR, "max_size"))
        return false;
    size_t digits = strspn(node->text, "0123456789.");
    if (node->text[digits] == 'e' || node->text[digits] == 'E') {
        size_t sign = node->text[digits + 1] == '+' || node->text[digits + 1] == '-';
        digits += 1 + sign + strspn(node->text + digits + 1 + sign, "0123456789");
    }
    const char *unit = node->text + digits + strspn(node->text + digits, " ");
    double number, scale = 0.0;
    for (size_t i = 0; i < ORL_COUNT(units); i++)
        if (strcmp(units[i].name, unit) == 0)
            scale = units[i].bytes;
    if (scale == 0.0 || !orl_double_parse(node->text, digits, &number) ||
        number * scale > SIZE_CAP_MOST)
        return orl_read_fault(l, node, "such as 5 MB",
                              "max_size must be a number of bytes, not '%s'", node->text);
    if (number > 0.0 && number * scale < 1.0)
        return orl_read_fault(l, node, "0 means any size",
                              "max_size: no file is smaller than a byte");
    *bytes = (int64_t)(number * scale);
    return true;
}

/* ---- Types ------------------------------------------------------------------------------------
 */

static void size_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "string");
    orl_schema_text(json, "pattern", "^[0-9]*[02468]x[0-9]*[02468]$");
}

const struct key_type orl_key_size = {.name = "WIDTHxHEIGHT", .schema = size_schema};

static void rate_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_type(json, "number string");
    orl_json_key(json, "minimum");
    orl_json_integer(json, 1);
    orl_json_key(json, "maximum");
    orl_json_integer(json, (int64_t)orl_limits_default.fps);
    orl_schema_text(json, "pattern", "^[0-9.]+(/[0-9.]+)?$");
}

const struct key_type orl_key_rate = {.name = "a number or a fraction", .schema = rate_schema};

static void cells_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_text(json, "type", "string");
    orl_schema_text(json, "pattern", "^0*([1-9]|1[0-9]|20)x0*([1-9]|1[0-9]|20)$");
}

const struct key_type orl_key_cells = {.name = "COLUMNSxROWS", .schema = cells_schema};

static bool bytes_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                       void *object)
{
    return bytes_parse(l, node, (int64_t *)((char *)object + key->offset));
}

static bool bytes_initial(const struct key *key, void *object)
{
    *(int64_t *)((char *)object + key->offset) = (int64_t)key->initial;
    return true;
}

static void bytes_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_sha256_update(hash, (const char *)object + key->offset, sizeof(int64_t));
}

static void bytes_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_type(json, "number string");
    orl_json_key(json, "minimum");
    orl_json_integer(json, 0);
    orl_json_key(json, "maximum");
    orl_json_number(json, SIZE_CAP_MOST);
    orl_schema_text(json, "pattern",
                    "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)? *(B|[kKMG]B|[KMG]iB)?$");
}

const struct key_type orl_key_bytes = {
    "a number of bytes, or 5 MB", bytes_read, bytes_initial, bytes_hash, NULL, bytes_schema};

/* A path, from the experiment file's folder on; "null", "~" and nothing stand for the default. */
static bool file_read(struct loader *l, const struct yaml_node *node, const struct key *key,
                      void *object)
{
    char **path = (char **)((char *)object + key->offset);
    if (!orl_read_kind(l, node, YAML_SCALAR, key->name))
        return false;
    free(*path);
    *path = NULL;
    if (!*node->text || orl_yaml_is_null(node))
        return true;
    return orl_input_path(l, node, node->text, path);
}

static void file_schema(struct orl_json *json, const struct key *key)
{
    (void)key;
    orl_schema_type(json, "string null");
}

static void file_hash(struct orl_sha256 *hash, const struct key *key, const void *object)
{
    orl_key_text.hash(hash, key, object);
}

static void file_release(const struct key *key, void *object)
{
    orl_key_text.release(key, object);
}

const struct key_type orl_key_file = {"a file",  file_read,    NULL,
                                      file_hash, file_release, file_schema};
