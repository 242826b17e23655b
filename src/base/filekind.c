/* What a file is that is no table of text, by its first bytes. */
#include "base/filekind.h"

#include <string.h>

#include "base/array.h"

#define KIND(begin, what, hint)                                                                    \
    {                                                                                              \
        begin, sizeof(begin) - 1, what, hint                                                       \
    }
#define RECODE "save it as UTF-8: spreadsheets call it 'CSV UTF-8'; else iconv -f UTF-16 -t UTF-8"

static const struct orl_filekind kinds[] = {
    KIND("\x1f\x8b", "this is a gzip file, no text", "unpack it first"),
    KIND("\x28\xb5\x2f\xfd", "this is a zstd file, no text", "unpack it first"),
    KIND("\xfd"
         "7zXZ",
         "this is an xz file, no text", "unpack it first"),
    KIND("BZh", "this is a bzip2 file, no text", "unpack it first"),
    KIND("PK\x03\x04", "this is a zip archive or a spreadsheet, no text", "export it as CSV"),
    KIND("\xd0\xcf\x11\xe0", "this is a spreadsheet of old Excel, no text", "export it as CSV"),
    KIND("PAR1", "this is a Parquet file, no text", "export it as CSV"),
    KIND("\x89HDF", "this is an HDF5 file, no text", "export it as CSV"),
    KIND("\x93NUMPY", "this is an array of numpy, no text",
         "numpy.savetxt(..., delimiter=\",\", header=\"x,y\", comments=\"\") writes text"),
    KIND("\x89PNG", "this is a PNG picture, no text", NULL),
    KIND("%PDF", "this is a PDF, no text", NULL),
    KIND("{\"", "this is JSON, no table", "export it as CSV"),
    KIND("[{", "this is JSON, no table", "export it as CSV"),
    KIND("<html", "this is a web page, no table", "download the table itself, as CSV"),
    KIND("<!DOCTYPE", "this is a web page, no table", "download the table itself, as CSV"),
    KIND("<!doctype", "this is a web page, no table", "download the table itself, as CSV"),
    KIND("<?xml", "this is XML, no table", "export it as CSV"),
    KIND("\xff\xfe\0\0", "this text is UTF-32; it must be UTF-8", "save it as UTF-8"),
    KIND("\0\0\xfe\xff", "this text is UTF-32; it must be UTF-8", "save it as UTF-8"),
};

/* UTF-16 with a byte order mark is read (utf16.h). Without one it shows by its NUL bytes: every
 * second one in plain text. */
static const struct orl_filekind unmarked = {NULL, 0, "this text is UTF-16; it must be UTF-8",
                                             RECODE};

const struct orl_filekind *orl_filekind_find(const char *bytes, size_t length)
{
    size_t low = 0, high = 0;
    for (size_t i = 0; i < ORL_COUNT(kinds); i++)
        if (length >= kinds[i].length && memcmp(bytes, kinds[i].bytes, kinds[i].length) == 0)
            return &kinds[i];
    for (size_t i = 0; i + 1 < length && i < 8; i += 2) {
        low += bytes[i] && !bytes[i + 1];
        high += !bytes[i] && bytes[i + 1];
    }
    return low == 4 || high == 4 ? &unmarked : NULL;
}
