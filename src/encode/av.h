/* libav under our rules: errors as sentences, files through our own streams. */
#ifndef ORL_ENCODE_AV_H
#define ORL_ENCODE_AV_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "encode/tables.h"
#include "optreel/encode.h"

/* "what: reason", with the code for a libav error. */
int orl_av_fail(struct orl_error *err, int code, const char *what, int averror);

/* The first of a codec's encoders that is there and takes pictures of this size. ORL_EENV names
 * those that are missing, and what is there. */
int orl_encoder_choose(const struct orl_output_spec *spec, const struct orl_codec_desc *codec,
                       const struct orl_encoder_desc **by, const AVCodec **out,
                       struct orl_error *err);
/* An AVIOContext on a stream of ours. The first failure of the stream is kept in `err` and `code`.
 */
struct av_file {
    const struct orl_stream *stream;
    AVIOContext *io; /* owned */
    int64_t at;
    int code;
    struct orl_error err;
};
/* Make one on a stream, which must outlive it. ORL_ENOMEM. Release with orl_av_file_close. */
int orl_av_file_open(struct av_file *file, const struct orl_stream *stream, bool writable,
                     struct orl_error *err);
void orl_av_file_close(struct av_file *file);
/* The stream's own failure where there is one, else libav's. */
int orl_av_file_fail(const struct av_file *file, struct orl_error *err, int code, const char *what,
                     int averror);

#endif
