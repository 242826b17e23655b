/* MP4: H.264 segments in one file, index in front; and the file read back. */
#include <math.h>
#include <string.h>

#include <libavutil/opt.h>

#include "base/array.h"
#include "encode/av.h"
#include "encode/format.h"
#include "encode/h264.h"

enum { TIME_SCALE = 90000 };
enum { SETTING_CODEC, SETTING_CRF, SETTING_SPEED };

static const char *const codecs[] = {"h264", NULL};
static const char *const speeds[] = {"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                     "medium",    "slow",      "slower",   "veryslow", NULL};
enum { SPEED_DEFAULT = 2 };

static const struct orl_setting settings[] = {
    [SETTING_CODEC] = {.name = "codec",
                       .type = ORL_SETTING_CHOICE,
                       .unit = "1",
                       .initial = 0,
                       .choices = codecs,
                       .description = "how pictures are coded"},
    [SETTING_CRF] = {.name = "crf",
                     .type = ORL_SETTING_INTEGER,
                     .unit = "1",
                     .initial = 20,
                     .minimum = 1,
                     .maximum = 51,
                     .description = "quality: 17 cannot be told from the drawing, 23 is good, 30 is rough"},
    [SETTING_SPEED] = {.name = "speed",
                       .type = ORL_SETTING_CHOICE,
                       .unit = "1",
                       .initial = SPEED_DEFAULT,
                       .choices = speeds,
                       .description = "the encoder's own preset: slower is smaller"},
    {0},
};

static struct h264_settings settings_of(const struct orl_output_spec *spec)
{
    return (struct h264_settings){.crf = (int)spec->values[SETTING_CRF].number,
                                  .speed = speeds[(size_t)spec->values[SETTING_SPEED].number]};
}

static int mp4_check(const struct orl_output_spec *spec, struct orl_error *err)
{
    struct h264_settings s = settings_of(spec);
    return orl_h264_check(spec, &s, err);
}

static int mp4_segment(const struct orl_output_spec *spec, const struct orl_frame_source *source, size_t first, size_t count,
                       struct orl_sink out, struct orl_error *err)
{
    struct h264_settings s = settings_of(spec);
    return orl_h264_segment(spec, &s, source, first, count, out, err);
}

/* ---- Joining ------------------------------------------------------------------------------------------------------------- */

struct muxer {
    const struct orl_output_spec *spec;
    struct av_file file, reader; /* reader: movenc reads back what it has written when it moves the index to the front */
    AVFormatContext *format;
    AVPacket *packet;
    bool begun;
    int64_t next; /* frame that must come next */
};

static int open_reader(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    struct muxer *m = format->opaque;
    (void)url, (void)options;
    if (flags & AVIO_FLAG_WRITE)
        return AVERROR(EINVAL);
    int ret = orl_av_file_open(&m->reader, m->file.stream, false, NULL);
    *io = m->reader.io;
    return ret == ORL_OK ? 0 : AVERROR(ENOMEM);
}

static int close_reader(AVFormatContext *format, AVIOContext *io)
{
    struct muxer *m = format->opaque;
    (void)io;
    orl_av_file_close(&m->reader);
    return 0;
}

static void describe(const struct orl_output_spec *spec, AVCodecParameters *par)
{
    par->codec_type = AVMEDIA_TYPE_VIDEO;
    par->codec_id = AV_CODEC_ID_H264;
    par->format = AV_PIX_FMT_YUV420P;
    par->width = spec->width;
    par->height = spec->height;
    par->profile = FF_PROFILE_H264_HIGH;
    par->sample_aspect_ratio = (AVRational){1, 1};
    par->color_range = AVCOL_RANGE_MPEG;
    par->color_space = AVCOL_SPC_BT709;
    par->color_primaries = AVCOL_PRI_BT709;
    par->color_trc = AVCOL_TRC_BT709;
    par->chroma_location = AVCHROMA_LOC_LEFT;
}

static int write_header(struct muxer *m, const struct seg_record *extradata, struct orl_error *err)
{
    AVDictionary *options = NULL;
    AVStream *stream = avformat_new_stream(m->format, NULL);
    if (!stream)
        return orl_fail_memory(err);
    describe(m->spec, stream->codecpar);
    stream->codecpar->extradata = av_mallocz(extradata->size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!stream->codecpar->extradata)
        return orl_fail_memory(err);
    memcpy(stream->codecpar->extradata, extradata->bytes, extradata->size);
    stream->codecpar->extradata_size = (int)extradata->size;
    stream->time_base = (AVRational){1, TIME_SCALE};
    stream->avg_frame_rate = stream->r_frame_rate = (AVRational){m->spec->fps_num, m->spec->fps_den};
    stream->sample_aspect_ratio = (AVRational){1, 1};
    av_dict_set(&options, "movflags", "+faststart+write_colr", 0);
    av_dict_set_int(&options, "video_track_timescale", TIME_SCALE, 0);
    int ret = avformat_write_header(m->format, &options);
    av_dict_free(&options);
    m->begun = ret >= 0;
    return ret < 0 ? orl_av_file_fail(&m->file, err, ORL_EIO, "the file's header cannot be written", ret) : ORL_OK;
}

static int64_t tick_of(const struct orl_output_spec *spec, int64_t frame)
{
    return av_rescale(frame * spec->fps_den, TIME_SCALE, spec->fps_num);
}

static int write_frame(struct muxer *m, const struct seg_record *record, struct orl_error *err)
{
    AVPacket *p = m->packet;
    if (record->number != m->next)
        return orl_fail(err, ORL_FAIL, "frame %lld is missing in the segments", (long long)m->next);
    if (av_new_packet(p, (int)record->size) < 0)
        return orl_fail_memory(err);
    memcpy(p->data, record->bytes, record->size);
    p->pts = p->dts = tick_of(m->spec, m->next);
    p->duration = tick_of(m->spec, m->next + 1) - p->pts;
    p->flags = record->type == H264_KEY ? AV_PKT_FLAG_KEY : 0;
    m->next++;
    int ret = av_write_frame(m->format, p);
    av_packet_unref(p);
    if (ret >= 0 && m->format->pb->error < 0)
        ret = m->format->pb->error;
    return ret < 0 ? orl_av_file_fail(&m->file, err, ORL_EIO, "the film cannot be written", ret) : ORL_OK;
}

/* All segments were made by the same encoder with the same settings: one set of parameters serves the whole file. */
static int take_extradata(struct muxer *m, const struct seg_record *record, struct orl_error *err)
{
    if (!m->begun)
        return write_header(m, record, err);
    const AVCodecParameters *par = m->format->streams[0]->codecpar;
    if ((size_t)par->extradata_size != record->size || memcmp(par->extradata, record->bytes, record->size) != 0)
        return orl_fail(err, ORL_FAIL, "segments were made with different encoder settings");
    return ORL_OK;
}

static int take_record(void *context, size_t segment, const struct seg_record *record, struct orl_error *err)
{
    struct muxer *m = context;
    (void)segment;
    if (record->type == H264_EXTRADATA)
        return take_extradata(m, record, err);
    if (!m->begun)
        return orl_fail(err, ORL_FAIL, "a segment has no parameters");
    return write_frame(m, record, err);
}

static int open_muxer(struct muxer *m, const struct orl_stream *out, struct orl_error *err)
{
    int ret = orl_av_file_open(&m->file, out, true, err);
    if (ret != ORL_OK)
        return ret;
    m->packet = av_packet_alloc();
    if (!m->packet || avformat_alloc_output_context2(&m->format, NULL, "mp4", NULL) < 0)
        return orl_fail(err, ORL_EENV, "this libavformat cannot write MP4");
    m->format->pb = m->file.io;
    m->format->opaque = m;
    m->format->io_open = open_reader;
    m->format->io_close2 = close_reader;
    m->format->url = av_strdup("optreel.mp4"); /* never opened: open_reader answers */
    m->format->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    return m->format->url ? ORL_OK : orl_fail_memory(err);
}

static int mp4_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                    const struct orl_stream *out, struct orl_error *err)
{
    struct muxer m = {.spec = spec};
    int ret = open_muxer(&m, out, err);
    if (ret == ORL_OK)
        ret = orl_seg_each(spec, segments, segment_count, take_record, &m, err);
    if (ret == ORL_OK && m.next != (int64_t)spec->frames)
        ret = orl_fail(err, ORL_FAIL, "the segments hold %lld frames of %zu", (long long)m.next, spec->frames);
    if (ret == ORL_OK) {
        int written = av_write_trailer(m.format);
        avio_flush(m.file.io);
        if (written >= 0 && m.file.io->error < 0)
            written = m.file.io->error;
        if (written < 0 || m.file.code != ORL_OK)
            ret = orl_av_file_fail(&m.file, err, ORL_EIO, "the film's index cannot be written", written);
    }
    av_packet_free(&m.packet);
    avformat_free_context(m.format);
    orl_av_file_close(&m.reader);
    orl_av_file_close(&m.file);
    return ret;
}

/* ---- Reading back -------------------------------------------------------------------------------------------------------- */

struct checker {
    const struct orl_output_spec *spec;
    struct av_file file;
    AVFormatContext *format;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    size_t frames, group, decoded;
};

static int wrong(struct orl_error *err, const char *what)
{
    return orl_fail(err, ORL_FAIL, "the finished file is wrong: %s", what);
}

static int check_stream(const struct checker *c, struct orl_error *err)
{
    const AVCodecParameters *par = c->format->streams[0]->codecpar;
    if (par->codec_id != AV_CODEC_ID_H264 || par->profile != FF_PROFILE_H264_HIGH)
        return wrong(err, "its codec");
    if (par->width != c->spec->width || par->height != c->spec->height)
        return wrong(err, "its size");
    if (par->format != AV_PIX_FMT_YUV420P || par->color_space != AVCOL_SPC_BT709 || par->color_range != AVCOL_RANGE_MPEG)
        return wrong(err, "its pixel format or colour tags");
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
    ret = avformat_open_input(&c->format, NULL, av_find_input_format("mp4"), NULL);
    if (ret >= 0)
        ret = avformat_find_stream_info(c->format, NULL);
    if (ret < 0 || c->format->nb_streams != 1)
        return orl_av_file_fail(&c->file, err, ORL_FAIL, "the finished file cannot be read", ret < 0 ? ret : AVERROR_INVALIDDATA);
    const AVCodec *h264 = avcodec_find_decoder(AV_CODEC_ID_H264);
    c->decoder = h264 ? avcodec_alloc_context3(h264) : NULL;
    if (!c->decoder)
        return orl_fail(err, ORL_EENV, "this libavcodec cannot decode H.264");
    c->decoder->thread_count = 1;
    if (avcodec_parameters_to_context(c->decoder, c->format->streams[0]->codecpar) < 0 || avcodec_open2(c->decoder, h264, NULL) < 0)
        return orl_fail(err, ORL_EENV, "the H.264 decoder does not open");
    return check_stream(c, err);
}

static int decode(struct checker *c, const AVPacket *packet, struct orl_error *err)
{
    int ret = avcodec_send_packet(c->decoder, packet);
    while (ret >= 0) {
        ret = avcodec_receive_frame(c->decoder, c->frame);
        if (ret >= 0) {
            if (c->frame->width != c->spec->width || c->frame->height != c->spec->height || c->frame->decode_error_flags)
                return wrong(err, "a frame does not decode");
            c->decoded++;
            av_frame_unref(c->frame);
        }
    }
    return ret == AVERROR(EAGAIN) || ret == AVERROR_EOF ? ORL_OK : wrong(err, "a frame does not decode");
}

/* Every packet is read; the first and the last group of pictures are decoded, too. */
static int read_packets(struct checker *c, struct orl_error *err)
{
    size_t length = orl_h264_segment_frames(c->spec), last = (c->spec->frames - 1) / length * length, expected = 0;
    int ret;
    while ((ret = av_read_frame(c->format, c->packet)) >= 0) {
        bool key = c->packet->flags & AV_PKT_FLAG_KEY, decoding = c->frames < length || c->frames >= last;
        int64_t at = c->packet->pts;
        int code = ORL_OK;
        if (key != (c->frames % length == 0))
            code = wrong(err, "a key frame is missing, or there is one too many");
        else if (at != tick_of(c->spec, (int64_t)c->frames))
            code = wrong(err, "a frame's time");
        else if (decoding)
            code = decode(c, c->packet, err);
        expected += decoding;
        c->frames++;
        av_packet_unref(c->packet);
        if (code != ORL_OK)
            return code;
    }
    if (ret != AVERROR_EOF || c->file.code != ORL_OK)
        return orl_av_file_fail(&c->file, err, ORL_FAIL, "the finished file cannot be read", ret);
    ret = decode(c, NULL, err);
    return ret == ORL_OK && c->decoded != expected ? wrong(err, "frames are missing") : ret;
}

static int mp4_verify(const struct orl_output_spec *spec, const struct orl_stream *file, struct orl_output_facts *facts,
                      struct orl_error *err)
{
    struct checker c = {.spec = spec};
    int ret = open_checker(&c, file, err);
    if (ret == ORL_OK)
        ret = read_packets(&c, err);
    if (ret == ORL_OK) {
        const AVStream *stream = c.format->streams[0];
        facts->frames = c.frames;
        facts->seconds = (double)stream->duration * av_q2d(stream->time_base);
        double expected = (double)spec->frames * spec->fps_den / spec->fps_num;
        if (c.frames != spec->frames)
            ret = orl_fail(err, ORL_FAIL, "the finished file is wrong: %zu frames of %zu", c.frames, spec->frames);
        else if (fabs(facts->seconds - expected) > 0.5 * spec->fps_den / spec->fps_num)
            ret = wrong(err, "its duration");
    }
    av_packet_free(&c.packet);
    av_frame_free(&c.frame);
    avcodec_free_context(&c.decoder);
    avformat_close_input(&c.format);
    orl_av_file_close(&c.file);
    return ret;
}

static size_t mp4_segment_frames(const struct orl_output_spec *spec)
{
    return orl_h264_segment_frames(spec);
}

static uint64_t mp4_bytes(const struct orl_output_spec *spec)
{
    uint64_t picture = (uint64_t)spec->width * (uint64_t)spec->height;
    return 20000 + picture / 10 * (1 + spec->frames / orl_h264_segment_frames(spec)) + picture / 400 * spec->frames;
}

static uint64_t mp4_memory(const struct orl_output_spec *spec)
{
    return (uint64_t)spec->width * (uint64_t)spec->height * 60;
}

static const struct orl_format_ops ops = {.check = mp4_check,
                                          .segment_frames = mp4_segment_frames,
                                          .segment = mp4_segment,
                                          .join = mp4_join,
                                          .verify = mp4_verify,
                                          .estimate_bytes = mp4_bytes,
                                          .estimate_memory = mp4_memory};

const struct orl_format_desc orl_format_mp4 = {
    .name = "mp4",
    .extension = ".mp4",
    .title = "MP4 (H.264)",
    .description = "plays everywhere: browsers, slides, chats",
    .home = "web",
    .settings = settings,
    .ops = &ops,
};
