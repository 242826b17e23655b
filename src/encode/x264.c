/* H.264 by libx264 itself: settings, hints about what does not change, and the frames of a segment.
 */
#include "encode/x264.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <x264.h>

#include "base/array.h"
#include "encode/ahead.h"
#include "encode/h264_held.h"

struct encoder {
    x264_t *x264;
    int width, height;
    struct ahead ahead;
    struct h264_held held;
    struct seg_writer *segment; /* borrowed */
    uint8_t *repeats; /* owned: one for each frame of the segment: 1 where it is the one before */
    size_t first, count;
    size_t written; /* frames of the segment that are written */
    uint8_t *slice; /* owned: room for a slice with its place in the order */
    size_t slice_capacity;
    uint32_t *life; /* owned: of each block */
};

/* ---- Settings -------------------------------------------------------------------------------- */

static void set_picture(x264_param_t *p, const struct orl_output_spec *spec)
{
    p->i_width = spec->width;
    p->i_height = spec->height;
    p->i_csp = X264_CSP_I420;
    p->i_fps_num = (uint32_t)spec->fps_num;
    p->i_fps_den = (uint32_t)spec->fps_den;
    p->b_vfr_input = 0;
    p->vui.i_sar_width = p->vui.i_sar_height = 1;
    p->vui.b_fullrange = 0;
    p->vui.i_colorprim = p->vui.i_transfer = p->vui.i_colmatrix = 1; /* BT.709 */
    p->vui.i_chroma_loc = 0;                                         /* left */
}

/* Chroma of thin coloured lines suffers first: it gets a little more. By the front of size, SSIM
 * and PSNR of what moves that `scripts/bench --front` prints: with the look-ahead below, a CRF of
 * x264's that is four higher than what is asked for shows what the CRF asked for shows without it.
 * Rate control by complexity (qcomp) would undo what is known of each block. */
static void set_quality(x264_param_t *p, int crf)
{
    enum { KNOWN_AHEAD = 4, CRF_MOST = 51 };
    p->rc.i_rc_method = X264_RC_CRF;
    p->rc.f_rf_constant = (float)(crf + KNOWN_AHEAD < CRF_MOST ? crf + KNOWN_AHEAD : CRF_MOST);
    p->rc.f_qcompress = 1.0f;
    p->rc.f_ip_factor = 1.4f;
    p->rc.i_aq_mode = X264_AQ_VARIANCE;
    p->rc.f_aq_strength = 1.3f;
    p->analyse.i_chroma_qp_offset = -2;
}

/* What is worth its time in pictures of plots, where none of x264's presets is asked for: on top of
 * superfast, partitions of 8x8 and three references. Refining vectors of quarter pixels further
 * (2) takes a seventh of the encoder's time for a twentieth of the bytes. `smaller` decides by rate
 * and distortion, too. */
static void set_effort(x264_param_t *p, bool smaller)
{
    enum { PARTITIONS = X264_ANALYSE_I4x4 | X264_ANALYSE_I8x8 };
    p->i_frame_reference = 3;
    p->analyse.intra = PARTITIONS;
    p->analyse.inter = PARTITIONS | X264_ANALYSE_PSUB16x16;
    p->analyse.i_subpel_refine = smaller ? 6 : 1;
    p->analyse.i_trellis = smaller ? 1 : 0;
}

/* High profile without B-frames: decoding order is display order, so that a file has no edit list
 * and starts at 0 in every player. With pictures this still B-frames save next to nothing, and
 * weights nothing at all. Keys are placed by us: x264 adds none at what it takes for a cut. The 8x8
 * transform makes even ultrafast High. x264 finds the lowest level that size, rate and references
 * allow. Its own looking ahead costs every frame time and a 4K worker 700 MB, and guesses what is
 * known here. */
static int set_parameters(x264_param_t *p, const struct orl_output_spec *spec,
                          const struct video_settings *settings, struct orl_error *err)
{
    enum { REFERENCES_MOST = 4 };
    const char *preset = settings->speed ? settings->speed : "superfast";
    if (x264_param_default_preset(p, preset, NULL) < 0)
        return orl_fail(err, ORL_EINPUT, "libx264 has no preset '%s'", preset);
    set_picture(p, spec);
    p->i_threads = p->i_lookahead_threads = 1;
    p->i_sync_lookahead = 0;
    p->i_log_level = X264_LOG_NONE;
    p->b_annexb = 1;
    p->b_repeat_headers = 0;
    if (!settings->speed)
        set_effort(p, settings->smaller);
    if (p->i_frame_reference > REFERENCES_MOST)
        p->i_frame_reference = REFERENCES_MOST;
    set_quality(p, settings->crf);
    p->i_keyint_max = X264_KEYINT_MAX_INFINITE;
    p->i_scenecut_threshold = 0;
    p->b_open_gop = 0;
    p->i_bframe = 0;
    p->analyse.i_weighted_pred = X264_WEIGHTP_NONE;
    p->analyse.b_transform_8x8 = 1;
    p->analyse.b_mb_info = 1;
    p->rc.i_lookahead = p->rc.b_mb_tree = 0;
    return x264_param_apply_profile(p, "high") < 0
               ? orl_fail(err, ORL_EENV, "libx264 has no profile 'high'")
               : ORL_OK;
}

/* ---- The encoder ----------------------------------------------------------------------------- */

static void close_encoder(struct encoder *e)
{
    if (e->x264)
        x264_encoder_close(e->x264);
    orl_ahead_uninit(&e->ahead);
    free(e->repeats);
    free(e->slice);
    free(e->life);
    *e = (struct encoder){0};
}

static int open_encoder(struct encoder *e, const struct orl_output_spec *spec,
                        const struct video_settings *settings, struct orl_error *err)
{
    x264_param_t parameters;
    *e = (struct encoder){.width = spec->width, .height = spec->height};
    int ret = set_parameters(&parameters, spec, settings, err);
    if (ret != ORL_OK)
        return ret;
    e->x264 = x264_encoder_open(&parameters);
    return e->x264 ? ORL_OK
                   : orl_fail(err, ORL_EENV,
                              "libx264 does not take these settings, or memory is short");
}

int orl_x264_check(const struct orl_output_spec *spec, const struct video_settings *settings,
                   struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, settings, err);
    close_encoder(&e);
    return ret;
}

/* The parameter sets; the SEI beside them, which names x264's version and settings, is left out. */
static int write_parameters(struct encoder *e, struct orl_error *err)
{
    uint8_t sets[1024];
    size_t length = 0;
    x264_nal_t *units;
    int count;
    if (x264_encoder_headers(e->x264, &units, &count) < 0)
        return orl_fail(err, ORL_EENV, "libx264 wrote no parameters");
    for (int i = 0; i < count; i++) {
        if (units[i].i_type != NAL_SPS && units[i].i_type != NAL_PPS)
            continue;
        size_t size = (size_t)units[i].i_payload, written = size;
        if (size > sizeof sets - H264_SPS_BYTES - H264_HELD_BYTES - length)
            return orl_fail(err, ORL_EBUG, "libx264 wrote parameters of %zu bytes", size);
        int ret = ORL_OK;
        if (units[i].i_type == NAL_SPS)
            ret = orl_h264_held_init(&e->held, units[i].p_payload, size, e->width, e->height,
                                     sets + length, &written, err);
        else
            memcpy(sets + length, units[i].p_payload, size);
        if (ret != ORL_OK)
            return ret;
        length += written;
    }
    length += orl_h264_held_parameters(sets + length);
    return orl_seg_record(e->segment, VIDEO_EXTRADATA, 0, sets, length, err);
}

/* ---- Frames ---------------------------------------------------------------------------------- */

/* Write the repeats that are known to follow the frame written last. Where x264 holds frames back
 * they wait for those. */
static int write_repeats(struct encoder *e, struct orl_error *err)
{
    uint8_t repeat[H264_HELD_BYTES];
    int ret = ORL_OK;
    while (ret == ORL_OK && e->written < e->count && e->repeats[e->written]) {
        size_t length = orl_h264_held_repeat(&e->held, repeat);
        ret = orl_seg_record(e->segment, VIDEO_DELTA, (int64_t)(e->first + e->written++), repeat,
                             length, err);
    }
    return ret;
}

static int write_slice(struct encoder *e, const x264_nal_t *slice, struct orl_error *err)
{
    size_t size = (size_t)slice->i_payload, length;
    uint32_t type = slice->i_type == NAL_SLICE_IDR ? VIDEO_KEY : VIDEO_DELTA;
    if (!orl_reserve((void **)&e->slice, &e->slice_capacity, size + size / 2 + 32, 1))
        return orl_fail_memory(err);
    int ret = orl_h264_held_slice(&e->held, slice->p_payload, size, e->slice, &length, err);
    if (ret == ORL_OK)
        ret = orl_seg_record(e->segment, type, (int64_t)(e->first + e->written++), e->slice, length,
                             err);
    return ret == ORL_OK ? write_repeats(e, err) : ret;
}

/* Give x264 a picture, or with NULL ask for what it holds back; write what it has ready. */
static int encode(struct encoder *e, x264_picture_t *picture, struct orl_error *err)
{
    x264_picture_t out;
    x264_nal_t *units;
    int count, size = x264_encoder_encode(e->x264, &units, &count, picture, &out);
    if (size < 0)
        return orl_fail(err, ORL_EENV, "libx264 cannot encode a frame");
    for (int i = 0; size > 0 && i < count; i++) {
        int ret = units[i].i_type == NAL_SLICE || units[i].i_type == NAL_SLICE_IDR
                      ? write_slice(e, &units[i], err)
                      : ORL_OK;
        if (ret != ORL_OK)
            return ret;
    }
    return ORL_OK;
}

/* What x264 is told of a picture's macroblocks: which are what they were, and quantizers. x264
 * keeps the lists until it has no more use for them. */
static int give_hints(struct encoder *e, x264_picture_t *picture, bool key, const uint8_t *changed,
                      struct orl_error *err)
{
    enum { WORTHLESS = 6 };                /* a skipped block has nothing to quantize */
    static const double per_double = -1.5; /* by the front that speed and bytes make */
    size_t count = e->ahead.columns * e->ahead.rows;
    uint8_t *same = key ? NULL : orl_calloc(count, 1);
    float *offsets = orl_calloc(count, sizeof *offsets);
    picture->prop.mb_info = same;
    picture->prop.mb_info_free = same ? free : NULL;
    picture->prop.quant_offsets = offsets;
    picture->prop.quant_offsets_free = free;
    if ((!key && !same) || !offsets)
        return orl_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        bool coded = key || changed[i];
        if (same)
            same[i] = coded ? 0 : (uint8_t)X264_MBINFO_CONSTANT;
        offsets[i] = coded ? (float)(per_double * log2((double)e->life[i])) : WORTHLESS;
    }
    return ORL_OK;
}

static int encode_picture(struct encoder *e, size_t index, bool key, const uint8_t *changed,
                          struct orl_error *err)
{
    const struct yuv_planes *planes = &e->ahead.shown;
    x264_picture_t picture;
    x264_picture_init(&picture);
    picture.img = (x264_image_t){.i_csp = X264_CSP_I420, .i_plane = 3};
    for (int i = 0; i < 3; i++) {
        picture.img.plane[i] = planes->plane[i];
        picture.img.i_stride[i] = planes->stride[i];
    }
    picture.i_type = key ? X264_TYPE_IDR : X264_TYPE_P;
    picture.i_pts = (int64_t)index;
    int ret = give_hints(e, &picture, key, changed, err);
    if (ret == ORL_OK)
        return encode(e, &picture, err);
    free(picture.prop.mb_info);
    free(picture.prop.quant_offsets);
    return ret;
}

static int take_frame(struct encoder *e, size_t index, uint8_t *changed, struct orl_error *err)
{
    enum ahead_kind kind;
    int ret = orl_ahead_next(&e->ahead, &kind, changed, e->life, err);
    if (ret != ORL_OK)
        return ret;
    if (kind != AHEAD_HELD)
        return encode_picture(e, index, kind == AHEAD_KEY, changed, err);
    e->repeats[index] = 1;
    return write_repeats(e, err);
}

static int encode_frames(struct encoder *e, struct orl_error *err)
{
    uint8_t *changed = orl_calloc(e->ahead.columns * e->ahead.rows, 1);
    int ret = changed ? ORL_OK : orl_fail_memory(err);
    for (size_t i = 0; ret == ORL_OK && i < e->count; i++)
        ret = take_frame(e, i, changed, err);
    while (ret == ORL_OK && x264_encoder_delayed_frames(e->x264) > 0)
        ret = encode(e, NULL, err);
    if (ret == ORL_OK && e->written != e->count)
        ret = orl_fail(err, ORL_EBUG, "libx264 gave %zu frames of %zu", e->written, e->count);
    free(changed);
    return ret;
}

static int prepare(struct encoder *e, const struct orl_output_spec *spec,
                   const struct orl_frame_source *source, struct orl_error *err)
{
    int ret = orl_ahead_init(&e->ahead, spec, source, e->first, e->count, err);
    e->repeats = orl_calloc(e->count, 1);
    e->life = orl_calloc(e->ahead.columns * e->ahead.rows, sizeof *e->life);
    return ret == ORL_OK && (!e->repeats || !e->life) ? orl_fail_memory(err) : ret;
}

int orl_x264_segment(const struct orl_output_spec *spec, const struct video_settings *settings,
                     const struct orl_frame_source *source, struct seg_writer *segment,
                     size_t first, size_t count, struct orl_error *err)
{
    struct encoder e;
    int ret = open_encoder(&e, spec, settings, err);
    e.segment = segment;
    e.first = first;
    e.count = count;
    if (ret == ORL_OK)
        ret = prepare(&e, spec, source, err);
    if (ret == ORL_OK)
        ret = write_parameters(&e, err);
    if (ret == ORL_OK)
        ret = encode_frames(&e, err);
    close_encoder(&e);
    return ret;
}

const char *orl_x264_version(void)
{
    return X264_POINTVER;
}
