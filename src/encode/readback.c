/* Finished films read back, by libavformat's demuxers and libavcodec's decoders. */
#include <math.h>

#include <libavformat/avformat.h>

#include "encode/av.h"
#include "encode/video.h"

struct checker {
    const struct orl_output_spec *spec;
    const struct video_container *container;
    const struct orl_codec_desc *codec;
    struct av_file file;
    AVFormatContext *format;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    size_t frames, decoded;
};

static int wrong(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the finished file is wrong: %s", what);
}

static int check_stream(const struct checker *c, struct orl_error *err)
{
    const AVCodecParameters *par = c->format->streams[0]->codecpar;
    const struct orl_codec_ops *ops = c->codec->ops;
    bool rgb = ops->pixels == AV_PIX_FMT_BGR0;
    if (par->codec_id != ops->id ||
        (ops->profile != FF_PROFILE_UNKNOWN && par->profile != ops->profile) ||
        (ops->tag && par->codec_tag != ops->tag))
        return wrong(err, "its codec");
    if (par->width != c->spec->width || par->height != c->spec->height)
        return wrong(err, "its size");
    if (par->format != ops->decoded)
        return wrong(err, "its pixel format");
    if (!rgb && (par->color_space != AVCOL_SPC_BT709 ||
                 par->color_range != (ops->srgb ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG)))
        return wrong(err, "its colour tags");
    return ORL_OK;
}

/* MP4 keeps the titles of chapters in a track of their own. */
static bool only_film(const AVFormatContext *format)
{
    for (unsigned i = 1; i < format->nb_streams; i++)
        if (format->nb_chapters == 0 ||
            format->streams[i]->codecpar->codec_type != AVMEDIA_TYPE_DATA)
            return false;
    return format->nb_streams > 0 && format->streams[0]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
}

static int open_decoder(struct checker *c, struct orl_error *err)
{
    const AVCodec *codec = avcodec_find_decoder(c->codec->ops->id);
    c->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!c->decoder)
        return orl_fail(err, ORL_EENV, "this libavcodec cannot decode %s", c->codec->title);
    c->decoder->thread_count = 1;
    c->decoder->skip_loop_filter =
        AVDISCARD_ALL; /* every bit is read all the same; nobody looks at the pictures */
    if (avcodec_parameters_to_context(c->decoder, c->format->streams[0]->codecpar) < 0 ||
        avcodec_open2(c->decoder, codec, NULL) < 0)
        return orl_fail(err, ORL_EENV, "the %s decoder does not open", c->codec->title);
    return ORL_OK;
}

static int open_checker(struct checker *c, const struct orl_stream *file, struct orl_error *err)
{
    int ret = orl_av_file_open(&c->file, file, false, err);
    if (ret != ORL_OK)
        return ret;
    av_log_set_level(AV_LOG_QUIET);
    c->format = avformat_alloc_context();
    c->packet = av_packet_alloc();
    c->frame = av_frame_alloc();
    if (!c->format || !c->packet || !c->frame)
        return orl_fail_memory(err);
    c->format->pb = c->file.io;
    int opened =
        avformat_open_input(&c->format, NULL, av_find_input_format(c->container->demuxer), NULL);
    if (opened >= 0)
        opened = avformat_find_stream_info(c->format, NULL);
    if (opened < 0 || !only_film(c->format))
        return orl_av_file_fail(&c->file, err, ORL_FAIL, "the finished file cannot be read",
                                opened < 0 ? opened : AVERROR_INVALIDDATA);
    ret = open_decoder(c, err);
    return ret == ORL_OK ? check_stream(c, err) : ret;
}

static int decode(struct checker *c, const AVPacket *packet, struct orl_error *err)
{
    int ret = avcodec_send_packet(c->decoder, packet);
    while (ret >= 0) {
        ret = avcodec_receive_frame(c->decoder, c->frame);
        if (ret >= 0) {
            if (c->frame->width != c->spec->width || c->frame->height != c->spec->height ||
                c->frame->decode_error_flags)
                return wrong(err, "a frame does not decode");
            c->decoded++;
            av_frame_unref(c->frame);
        }
    }
    return ret == AVERROR(EAGAIN) || ret == AVERROR_EOF ? ORL_OK
                                                        : wrong(err, "a frame does not decode");
}

static int check_packet(struct checker *c, size_t length, bool decoding, struct orl_error *err)
{
    int64_t due = orl_mux_tick(c->spec, (int64_t)c->frames, c->container->time_scale);
    AVRational scale = {1, c->container->time_scale};
    if (c->packet->flags & AV_PKT_FLAG_CORRUPT)
        return wrong(err, "a frame is cut short");
    bool key = c->packet->flags & AV_PKT_FLAG_KEY, begins = c->frames % length == 0;
    if (begins ? !key : key && !c->codec->ops->keys_at_parts)
        return wrong(err, "a key frame is missing, or there is one too many");
    if (av_compare_ts(c->packet->pts, c->format->streams[0]->time_base, due, scale) != 0 ||
        c->packet->pts != c->packet->dts)
        return wrong(err, "a frame's time");
    return decoding ? decode(c, c->packet, err) : ORL_OK;
}

/* Every packet is read; the beginnings of the first and the last group of pictures are decoded,
 * too: to decode all would take a tenth of the time of making a film. */
static int read_packets(struct checker *c, struct orl_error *err)
{
    size_t length = orl_video_segment_frames(c->spec),
           last = (c->spec->frames - 1) / length * length, expected = 0,
           most = (size_t)(c->spec->fps_num / c->spec->fps_den) + 1; /* a second */
    int ret;
    while ((ret = av_read_frame(c->format, c->packet)) >= 0) {
        bool decoding = c->frames % length < most && (c->frames < length || c->frames >= last);
        bool film = c->packet->stream_index == 0;
        int code = film ? check_packet(c, length, decoding, err) : ORL_OK;
        expected += film && decoding;
        c->frames += film;
        av_packet_unref(c->packet);
        if (code != ORL_OK)
            return code;
    }
    if (ret != AVERROR_EOF || c->file.code != ORL_OK)
        return orl_av_file_fail(&c->file, err, ORL_FAIL, "the finished file cannot be read", ret);
    ret = decode(c, NULL, err);
    return ret == ORL_OK && c->decoded != expected ? wrong(err, "frames are missing") : ret;
}

/* Matroska tells the duration of the file alone. */
static double duration_of(const AVFormatContext *format)
{
    const AVStream *stream = format->streams[0];
    if (stream->duration != AV_NOPTS_VALUE)
        return (double)stream->duration * av_q2d(stream->time_base);
    return (double)format->duration / AV_TIME_BASE;
}

static int check_whole(const struct checker *c, struct orl_output_facts *facts,
                       struct orl_error *err)
{
    double frame = (double)c->spec->fps_den / c->spec->fps_num,
           expected = (double)c->spec->frames * frame;
    facts->frames = c->frames;
    facts->seconds = duration_of(c->format);
    if (c->frames != c->spec->frames)
        return orl_fail(err, ORL_FAIL, "the finished file is wrong: %zu frames of %zu", c->frames,
                        c->spec->frames);
    if (!(fabs(facts->seconds - expected) <= 0.5 * frame))
        return wrong(err, "its duration");
    return ORL_OK;
}

int orl_mux_verify(const struct orl_output_spec *spec, const struct video_container *container,
                   const struct orl_stream *file, struct orl_output_facts *facts,
                   struct orl_error *err)
{
    struct checker c = {.spec = spec, .container = container, .codec = orl_video_codec(spec)};
    int ret = open_checker(&c, file, err);
    if (ret == ORL_OK)
        ret = read_packets(&c, err);
    if (ret == ORL_OK)
        ret = check_whole(&c, facts, err);
    av_packet_free(&c.packet);
    av_frame_free(&c.frame);
    avcodec_free_context(&c.decoder);
    avformat_close_input(&c.format);
    orl_av_file_close(&c.file);
    return ret;
}
