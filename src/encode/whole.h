/* Formats made in one piece: their only segment holds the bytes of the file, record by record. */
#ifndef ORL_ENCODE_WHOLE_H
#define ORL_ENCODE_WHOLE_H

#include "encode/format.h"

enum { WHOLE_BUFFER = 1 << 16 };

/* Gathers bytes into records of a segment. */
struct whole {
    struct seg_writer seg;
    int64_t number;
    size_t fill;
    uint8_t buffer[WHOLE_BUFFER];
};
/* Begin a segment of the frames first … first+count-1; bytes for the sink become its records; the
 * end writes what is left. Each: ORL_OK, or what `out` says. */
int orl_whole_begin(struct whole *whole, struct orl_sink out, const struct orl_output_spec *spec,
                    size_t first, size_t count, struct orl_error *err);
struct orl_sink orl_whole_sink(struct whole *whole); /* as long as `whole` stays where it is */
int orl_whole_end(struct whole *whole, struct orl_error *err);

/* ops->segment of a vector format: frames first … first+count-1 as the pages of a document. */
int orl_whole_document(const struct orl_output_spec *spec, const struct orl_document_spec *pages,
                       const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err) ORL_LATE;

/* ops->join of such a format. */
int orl_whole_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments,
                   size_t segment_count, const struct orl_stream *out, struct orl_error *err);

/* Read `size` bytes from `at`; ORL_FAIL ("the finished NAME is wrong: it is cut short") where there
 * are fewer. */
int orl_whole_read(const struct orl_output_spec *spec, const struct orl_stream *file, int64_t at,
                   void *bytes, size_t size, struct orl_error *err);
/* "the finished NAME is wrong: reason" */
int orl_whole_wrong(const struct orl_output_spec *spec, const char *reason, struct orl_error *err);

#endif
