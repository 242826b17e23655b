/* The table of formats, and of kinds of files that are known without being read. */
#include "logs/format.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "optreel/logs.h"

enum { HEAD_BYTES = 1 << 16 };

static bool head_begins(const struct log_head *head, const char *bytes, size_t length)
{
    return head->length >= length && memcmp(head->bytes, bytes, length) == 0;
}

#define BEGINS(function, bytes)                                                                    \
    static bool function(const struct log_head *head)                                              \
    {                                                                                              \
        return head_begins(head, bytes, sizeof bytes - 1);                                         \
    }
BEGINS(is_parquet, "PAR1")
BEGINS(is_gzip, "\x1f\x8b")
BEGINS(is_zstd, "\x28\xb5\x2f\xfd")
BEGINS(is_xz, "\xfd"
              "7zXZ")
BEGINS(is_bzip2, "BZh")
BEGINS(is_zip, "PK\x03\x04")
BEGINS(is_hdf5, "\x89HDF\r\n\x1a\n")
BEGINS(is_arrow, "ARROW1")
BEGINS(is_numpy, "\x93NUMPY")
BEGINS(is_pickle, "\x80\x04\x95")
BEGINS(is_utf16, "\xff\xfe")

/* Aim keeps its runs in RocksDB tables; their magic number stands at the end, so the names of the
 * folder tell. */
static bool is_aim(const struct log_head *head)
{
    return strstr(head->path, "/.aim/") || strncmp(head->path, ".aim/", 5) == 0;
}

/* A u64 of the header's length, and then the header: a JSON object. */
static bool is_safetensors(const struct log_head *head)
{
    return head->length > 10 && head->bytes[8] == '{' && head->bytes[9] == '"' &&
           orl_log_u64(head->bytes) < head->size;
}

#define KNOWN(id, name_, title_, test, hint_)                                                      \
    static const struct orl_log_format id = {                                                      \
        .name = name_, .title = title_, .recognise = test, .hint = hint_}
KNOWN(parquet, "parquet", "Parquet table", is_parquet,
      "export it as CSV: pandas.read_parquet(\"file\").to_csv(\"log.csv\", index=False)");
KNOWN(arrow, "arrow", "Arrow table", is_arrow,
      "export it as CSV: pandas.read_feather(\"file\").to_csv(\"log.csv\", index=False)");
KNOWN(aim, "aim", "Aim repository", is_aim,
      "export it: aim.Repo(\"path\").query_metrics(\"True\").dataframe().to_csv(\"log.csv\")");
KNOWN(hdf5, "hdf5", "HDF5 file", is_hdf5, "write the history beside it, as CSV or JSON");
KNOWN(numpy, "numpy", "NumPy array", is_numpy,
      "export it: numpy.savetxt(\"log.csv\", array, delimiter=\",\")");
KNOWN(pickle, "pickle", "Python pickle", is_pickle,
      "it may run code when it is read; export it as CSV or JSON");
KNOWN(safetensors, "safetensors", "safetensors file: weights, no log", is_safetensors,
      "the log lies beside it, such as trainer_state.json");
KNOWN(gzip, "gzip", "gzip archive", is_gzip, "unpack it first: gunzip");
KNOWN(zstd, "zstd", "zstd archive", is_zstd, "unpack it first: unzstd");
KNOWN(xz, "xz", "xz archive", is_xz, "unpack it first: unxz");
KNOWN(bzip2, "bzip2", "bzip2 archive", is_bzip2, "unpack it first: bunzip2");
KNOWN(zip, "zip", "zip archive, spreadsheet or PyTorch checkpoint", is_zip,
      "unpack it, or export its log as CSV");
KNOWN(utf16, "utf-16", "text in UTF-16", is_utf16, "save it as UTF-8");

static const struct orl_log_format *const formats[] = {
    &orl_log_events,
    &orl_log_wandb,
    &orl_log_swanlab,
    &aim,
    &orl_log_database,
    &parquet,
    &arrow,
    &hdf5,
    &numpy,
    &pickle,
    &safetensors,
    &gzip,
    &zstd,
    &xz,
    &bzip2,
    &zip,
    &utf16,
    &orl_log_json,
    &orl_log_tensorboard_csv,
    &orl_log_wandb_csv,
    &orl_log_mlflow_metric,
    &orl_log_lines,
    &orl_log_table,
};

/* The format of a beginning; NULL where it is of none. */
static const struct orl_log_format *format_recognise(const struct log_head *head)
{
    for (size_t i = 0; i < ORL_COUNT(formats); i++)
        if (formats[i]->recognise(head))
            return formats[i];
    return NULL;
}

const struct orl_log_format *orl_log_recognise_file(const char *path)
{
    const struct orl_log_format *found = NULL;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    unsigned char *bytes = fd >= 0 ? orl_calloc(HEAD_BYTES + 1, 1) : NULL;
    if (bytes && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        struct log_head head = {.bytes = bytes, .size = (uint64_t)status.st_size, .path = path};
        ssize_t got;
        while (head.length < HEAD_BYTES &&
               (got = read(fd, bytes + head.length, HEAD_BYTES - head.length)) > 0)
            head.length += (size_t)got;
        found = head.length ? format_recognise(&head) : NULL;
    }
    free(bytes);
    if (fd >= 0)
        close(fd);
    return found;
}

const struct orl_log_kind *orl_log_kinds(void)
{
    static struct orl_log_kind kinds[ORL_COUNT(formats) + 1];
    for (size_t i = 0; i < ORL_COUNT(formats); i++)
        kinds[i] = (struct orl_log_kind){formats[i]->name, formats[i]->title,
                                         formats[i]->read != NULL, formats[i]->hint};
    return kinds;
}
