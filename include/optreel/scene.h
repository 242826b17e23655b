/* Scenes: what a frame shows, in plain numbers. A film is laid out once from its whole traces;
 * after that its still part and the moving part of any frame are pure functions of the film and the
 * frame's number. Nothing is drawn here. */
#ifndef OPTREEL_SCENE_H
#define OPTREEL_SCENE_H

#include "optreel/theme.h"
#include "optreel/trace.h"

ORL_BEGIN_DECLS

/* ---- Pictures: lists of marks in pixels, y downwards, origin at the top left ----------------- */

struct orl_color {
    double r, g, b, a;
}; /* 0-1, sRGB, not premultiplied */
struct orl_rect {
    double x, y, width, height;
};

enum orl_mark_kind {
    ORL_MARK_RECT, /* filled rectangle; one point: its corner, `size` and `size2` are width and
                      height */
    ORL_MARK_LINE, /* polyline through its points, round joins; a NaN point starts a new piece */
    ORL_MARK_DOTS, /* filled markers, one per point, `size` is the radius */
    ORL_MARK_TEXT, /* one line of text; one point: the anchor on the baseline */
    ORL_MARK_AREA, /* filled outline through its points, by the even-odd rule; a NaN point closes it
                      and starts another (holes) */
};
enum orl_dash { ORL_DASH_SOLID, ORL_DASH_DASHED, ORL_DASH_DOTTED, ORL_DASH_DASHDOT };
enum orl_marker {
    ORL_MARKER_CIRCLE,
    ORL_MARKER_SQUARE,
    ORL_MARKER_DIAMOND,
    ORL_MARKER_TRIANGLE,
    ORL_MARKER_CROSS,
    ORL_MARKER_RING,
    ORL_MARKER_HEXAGON,
    ORL_MARKER_TRIANGLE_DOWN,
};

struct orl_mark {
    enum orl_mark_kind kind;
    struct orl_color color;
    struct orl_rect clip; /* width 0: none */
    size_t first, count;  /* its points: picture->points[2*first] … x,y pairs, in pixels */
    double size, size2;   /* line width, radius, text size: px */
    enum orl_dash dash;
    enum orl_marker marker;
    struct orl_color halo; /* drawn underneath, `halo_px` wider on each side; a = 0: none; halo_px =
                              0: a mark before has drawn it */
    double halo_px;
    /* text */
    size_t text;  /* offset of its 0-terminated UTF-8 in picture->text */
    double align; /* 0: anchor at the left end, 0.5: centre, 1: right end */
    bool bold;
    bool vertical; /* turned by a quarter, reading upwards */
    bool faint; /* carries nothing that is not told elsewhere (grid, trail, surface): need not reach
                   3:1 */
};

struct orl_scratch;
struct orl_picture {
    struct orl_mark *marks; /* owned */
    size_t count, capacity;
    double *points;                     /* owned: x,y pairs */
    size_t point_count, point_capacity; /* in numbers, not pairs */
    char *text;                         /* owned */
    size_t text_length, text_capacity;
    bool failed;                 /* an allocation failed: what is there is not whole */
    struct orl_scratch *scratch; /* owned: room in which frames are worked out */
};
void orl_picture_clear(struct orl_picture *picture);  /* keeps the memory */
void orl_picture_uninit(struct orl_picture *picture); /* zero-initialize before first use */

/* ---- Text is measured by who draws it -------------------------------------------------------- */

struct orl_extent {
    double width, ascent, descent;
}; /* px; the logical box of one line */
struct orl_measure {
    void *context;
    /* Measure one line of UTF-8 at a text size in px. */
    void (*text)(void *context, const char *utf8, double size_px, bool bold,
                 struct orl_extent *out);
};

/* ---- Films ----------------------------------------------------------------------------------- */

enum orl_pace {
    ORL_PACE_LINEAR,
    ORL_PACE_LOG,
    ORL_PACE_MOTION,
    ORL_PACE_LOSS,
    ORL_PACE_AUTO /* motion where the first panel tells of places on a surface, else log */
};
enum orl_layout { ORL_LAYOUT_OVERLAY, ORL_LAYOUT_GRID, ORL_LAYOUT_SEQUENCE };

/* What is known of the rule that made a run, for who explains its updates. Borrowed. */
struct orl_run_rule {
    const struct orl_optimizer_desc *optimizer;
    const struct orl_value *values; /* parallel to its settings */
    double tuned;  /* the learning rate that trials found; NAN: it is in `values` */
    int64_t steps; /* that the run was to make, for schedules */
};

/* One run in a film. All of it is borrowed and must outlive the film. */
struct orl_film_run {
    const struct orl_trace *trace;
    const struct orl_problem *problem; /* NULL for a foreign trace without a model */
    const char *name;                  /* "quadratic/sgd" */
    const char *title;   /* how the run is called on the film: "SGD", "Adam (learning rate 0.01)" */
    const char *details; /* its hyperparameters where they are drawn in one line: "learning rate
                            0.01, momentum 0.5" */
    size_t
        style; /* index of its colour, dash and marker, the same in every film of the experiment */
    const char *base; /* the title without what a sweep adds to it: "Adam"; NULL: the title */
    const struct orl_told *told; /* the hyperparameters, one by one */
    size_t told_count;
    const struct orl_run_rule *rule; /* NULL: it is not known */
};

/* ---- The standing: who got where ------------------------------------------------------------- */

#define ORL_ASTRAY      30.0 /* times its first loss: beyond that a run is lost */
#define ORL_LEVEL_SHARE 1e-6 /* of the way from the start to the least loss known */

/* What is told of a run at the end of what is shown. */
struct orl_run_place {
    size_t rank;        /* 1 is the first; runs that stand alike share one */
    bool shared;        /* another run has the same rank */
    bool diverged;      /* it stands last, whatever it reached before */
    bool astray;        /* diverged, or beyond ORL_ASTRAY */
    int64_t steps;      /* that it made */
    double end;         /* its loss at the end; NAN: it records none */
    int64_t level_step; /* the first recorded step at or below the level; -1: never */
    int64_t
        steps_to[ORL_THRESHOLDS]; /* to orl_trace_thresholds, above a known minimum; -1: never */
    double distance;              /* at the end, Euclidean, from the goal; NAN: there is none */
};

/* What the point is that runs should come to. */
enum orl_goal { ORL_GOAL_NONE, ORL_GOAL_MINIMUM, ORL_GOAL_TRUTH, ORL_GOAL_FIT };
/* "minimum", "truth", "best fit"; "" for none. Static. */
const char *orl_goal_word(enum orl_goal goal);

/* Runs that reach the level rank by that step, the others behind them by their loss at the end as
 * it is printed (three figures), diverged ones last (design, section 12). */
struct orl_standing {
    size_t count;
    struct orl_run_place *places; /* owned: of each run */
    size_t *order;  /* owned: the runs from first to last; alike ones as they were given */
    double minimum; /* loss at the known minimum of a function; NAN: of data, or unknown */
    double least;   /* the least loss known: the minimum, the best fit, the best run */
    bool known;     /* it is the minimum\'s or the best fit\'s, not only the best run\'s */
    double start;   /* loss at the start */
    double level;   /* least + 1e-6 (start - least), or as it was given; NAN: there is none */
    double *goal; /* owned: where runs should come to, the first of `goals` points; NULL: unknown */
    enum orl_goal goal_kind;
    size_t goal_count; /* its numbers */
    size_t goals;      /* 0; 1; more: an objective has several minima */
};

/* The standing of runs 0 … count-1 up to a step (-1: to their ends). `known` (count or more): so
 * many runs, shown or not, say what is the least loss known of their problem. `level` NAN: by the
 * rule; runs on no problem, or on several, have none then. Release with orl_standing_uninit, also
 * after a failure. Pure: any thread. */
int orl_standing_create(const struct orl_film_run *runs, size_t count, size_t known,
                        int64_t to_step, double level, struct orl_standing *out,
                        struct orl_error *err);
/* The level of a race: ORL_LEVEL_SHARE of the way from the least loss known up to the loss at the
 * start (design, section 12); NAN where either is. */
double orl_standing_level(double least, double start);
/* Of runs 0 … count-1 the one that ends lowest at a step (-1: at its end), one that diverged left
 * out; of equal ones the first, and so of runs without a loss. SIZE_MAX: there is none. Any thread.
 */
size_t orl_standing_lowest(const struct orl_film_run *runs, size_t count, int64_t to_step);
/* Rank places whose `diverged`, `steps`, `level_step` and `end` are given: `rank` and `shared` are
 * filled in, and `order` from first to last. ORL_ENOMEM. */
int orl_standing_rank(struct orl_run_place *places, size_t count, size_t *order,
                      struct orl_error *err);
void orl_standing_uninit(struct orl_standing *standing);
/* The first step at which a run's loss, above the known minimum, is at most `threshold`; -1: never.
 */
int64_t orl_standing_steps_to(const struct orl_standing *standing, const struct orl_trace *trace,
                              double threshold);
/* The goal nearest to `values`, of `goal_count` numbers; NULL where there is none. */
const double *orl_standing_goal(const struct orl_standing *standing, const double *values);
/* How far `count` parameters are from the nearest goal, Euclidean; NAN where there is none. */
double orl_standing_distance(const struct orl_standing *standing, const double *values,
                             size_t count);
/* The run diverged, or is on its way there by that step (-1: its end): it decides no axis. */
bool orl_run_astray(const struct orl_trace *trace, int64_t to_step);

/* ---- The story: the finding, and the events on the way to it ----------------------------------
 */

enum orl_event_kind {
    ORL_EVENT_START,     /* all runs set out */
    ORL_EVENT_OVERSHOOT, /* a run goes past the goal by more than 3 % of the way */
    ORL_EVENT_GOAL,      /* a run reaches the level of the standing */
    ORL_EVENT_THRESHOLD, /* first below 10 % or 1 % of the loss at the start */
    ORL_EVENT_LEAD,      /* a run takes the first place and keeps it for 5 % of the film */
    ORL_EVENT_LEAVES,    /* a run is lost: its loss is ORL_ASTRAY times the first one */
    ORL_EVENT_DIVERGED,
    ORL_EVENT_STUCK, /* a run rests well above the known minimum */
    ORL_EVENT_STILL, /* a run rests before its end, short of the level */
    ORL_EVENT_NOTE,  /* told by hand */
};
extern const char *const orl_event_names[]; /* NULL-ended: start overshoot goal ... note */

/* An event of a film. Borrowed from the film. */
struct orl_event {
    int64_t step;
    const char *run; /* its name; NULL: of all */
    enum orl_event_kind kind;
    const char *text;          /* a short sentence */
    size_t first_frame, count; /* frames in which it stands; count 0: there was no room for it */
};

/* A sentence by hand. */
struct orl_note {
    int64_t step;
    size_t run; /* of the film; SIZE_MAX: of none */
    const char *text;
    double seconds; /* 0: as long as an event */
};

/* Where the finding stands: from the last step on, not at all, or from the first frame on. */
enum orl_headline { ORL_HEADLINE_LAST, ORL_HEADLINE_NONE, ORL_HEADLINE_FIRST };

/* ---- What a film is made from ---------------------------------------------------------------- */

struct orl_panel_spec {
    const char *panel;              /* name in the table */
    const struct orl_value *values; /* parallel to the panel's settings; borrowed */
};

struct orl_film_spec {
    const char *title;         /* what: "α + βx + γx²: SGD" */
    const char *subtitle;      /* NULL: made from the model and the runs' details */
    const char *watched;       /* the parameter that a race's table shows; NULL: the one that runs
                                  end farthest from */
    const char *note, *credit; /* a line below the film, left and right; NULL: none. A card has no
                                  room for them */
    const char *quantity; /* what trace->loss holds; NULL: "loss". Borrowed for the film's life */
    const struct orl_film_run *runs;
    size_t run_count;
    const struct orl_film_run
        *peers; /* runs on the same problem, of like traces, that are not shown: axes are chosen
                   from them, too, so that films of each can be compared. NULL: none */
    size_t peer_count;
    const double *level; /* of one's own, by which runs rank; NULL: by the rule of the standing */
    enum orl_headline headline;
    const char *finding;   /* a sentence of one's own; NULL: made from the standing */
    const bool *highlight; /* of each run: the others step back; NULL: the winner's at the finish */
    bool no_events;
    const struct orl_note *notes; /* copied */
    size_t note_count;
    const char *const
        *problem_titles; /* of each run's problem, for a report video; NULL: the formulas */
    const struct orl_panel_spec *panels;
    size_t panel_count;
    enum orl_layout layout;
    /* A grid of one's own, filled in reading order: relative widths of its columns, and heights of
     * its rows (as many as are needed, all alike, where there are none). No columns: the places are
     * chosen. Of small multiples the number of columns alone counts.
     */
    const double *columns, *rows;
    size_t column_count, row_count;
    enum orl_pace pace;
    double length_s, hold_first_s, hold_last_s; /* length includes the holds */
    int64_t from_step,
        to_step,    /* the part that is shown; to_step < 0: to the end of the longest run */
        still_step; /* a step that a frame shows whatever the pace, for a still; 0: none asked for
                     */
    int width, height;  /* px */
    bool card;          /* a small picture: the first panel alone, a line above it, three names */
    double clear_below; /* of the height: nothing stands there, a player's buttons cover it */
    int fps_num, fps_den;
    double text_px, line_px; /* least text size and data line width at this size */
    struct orl_theme_spec theme;
};

struct orl_film;

/* Lay a film out: axes, scales, places of everything, fixed from the whole traces. `spec` is copied
 * but what it borrows must outlive the film. `measure` must outlive it, too. ORL_EINPUT where
 * panels need what the runs do not have (a fit without data). Release with orl_film_destroy.
 *
 * Threads: a film is immutable once it is made. Any number of threads may ask it for frames at the
 * same time, each with a picture of its own; the picture holds what working a frame out takes.
 * `measure` is then called from all of them. */
int orl_film_create(const struct orl_film_spec *spec, const struct orl_measure *measure,
                    struct orl_film **out, struct orl_error *err);
void orl_film_destroy(struct orl_film **film);

/* round(length × fps), at least 1. */
size_t orl_film_frames(const struct orl_film *film);
/* The same before anything is laid out, for plans and estimates. */
size_t orl_film_frame_count(double length_s, int fps_num, int fps_den);
/* The step that a frame shows. */
int64_t orl_film_step(const struct orl_film *film, size_t frame);
/* The first frame that shows `step` or a later one. */
size_t orl_film_frame_at(const struct orl_film *film, int64_t step);
/* The least step whose row stands for `step` in the frame that shows it: `step` itself where all
 * runs there recorded it, or had ended before. */
int64_t orl_film_recorded(const struct orl_film *film, int64_t step);
/* The background colour, and the colours that the film uses (for palettes), each once: returns
 * their number, at most `capacity` written. */
size_t orl_film_colors(const struct orl_film *film, struct orl_color *colors, size_t capacity);

/* Most films are of one part, number 0. A report video has many, one after the other, each with a
 * still part of its own: a canvas must have the still of the part that a frame belongs to. */
size_t orl_film_part(const struct orl_film *film, size_t frame);

/* A part of a film with a name of its own: of a report video its parts; of another film its title,
 * the events whose sentences it shows, and the finding. */
struct orl_chapter {
    const char *title; /* borrowed from the film */
    size_t first_frame;
};
/* Chapters by first frame, the first at 0: returns their number, at most `capacity` written. */
size_t orl_film_chapters(const struct orl_film *film, struct orl_chapter *out, size_t capacity);

/* What never moves in a part, over the whole frame; the first mark fills the background. `picture`
 * is cleared first. */
int orl_film_still(const struct orl_film *film, size_t part, struct orl_picture *picture,
                   struct orl_error *err);
/* What frame `frame` adds. `picture` is cleared first. The same frame gives the same marks,
 * whatever was asked before, of whichever thread. */
int orl_film_moving(const struct orl_film *film, size_t frame, struct orl_picture *picture,
                    struct orl_error *err);

/* The sentence of the finding; "" where the film has none. Borrowed from the film. */
const char *orl_film_finding(const struct orl_film *film);
/* The events by step: returns their number, at most `capacity` written. Of a report video those of
 * its parts. */
size_t orl_film_events(const struct orl_film *film, struct orl_event *out, size_t capacity);

/* When a frame begins, in seconds. */
double orl_film_time(const struct orl_film *film, size_t frame);

/* Where a frame stands, in words: one line or two. Plain UTF-8, no line longer than
 * ORL_WORDS_CHARS characters. */
enum { ORL_WORDS_CHARS = 42, ORL_WORDS_SIZE = 4 * ORL_WORDS_CHARS + 1 };
struct orl_words {
    /* The step and the loss; the parameters or who is ahead. Of a report video the chapter; the
     * step and the loss. "" where there is nothing to say. */
    char line[2][ORL_WORDS_SIZE];
};
/* Those of a frame, below the film's number of them. Any thread: the film is only read. */
void orl_film_words(const struct orl_film *film, size_t frame, struct orl_words *out);
/* The caption that stands at a frame: the title and how the film begins, the sentence of each event
 * from where the film shows it for as long as it takes to read, the finding at the finish; nothing
 * ("" and "") between. Of a report video what its part is called, then the same of the part. */
void orl_film_caption(const struct orl_film *film, size_t frame, struct orl_words *out);

/* How near a film's file is to the frames as they were drawn: decoded by libavcodec or libwebp,
 * converted back to RGB by libswscale. */
struct orl_quality {
    double ssim;      /* mean of R, G and B (Wang et al. 2004, eq. 13, in 8x8 windows 4 px apart) */
    double ssim_luma; /* of BT.709 luma */
    double psnr, psnr_luma; /* dB, over all pixels of all frames; infinite: they are the same */
    double psnr_changed;    /* of luma in those 16x16 blocks that changed from the frame before;
                               NAN: none did */
};
/* ---- Contact sheets: columns × rows frames of a film on one picture, each under the number of its
 * step -------------------------
 */

/* The size in px of such a sheet for a film of this size and least text: frames are shown with text
 * of 12 px. */
void orl_sheet_size(int width, int height, double text_px, int columns, int rows, int *sheet_width,
                    int *sheet_height);
/* The frame that cell `index` of `count` shows: they are spread evenly over what moves, and so over
 * the film's pace, from the first step to the last. Rising; equal neighbours where the film has
 * fewer frames than the sheet has cells. */
size_t orl_film_sheet_frame(const struct orl_film *film, size_t index, size_t count);
/* The whole sheet; `picture` is cleared first. */
int orl_film_sheet(const struct orl_film *film, int columns, int rows, struct orl_picture *picture,
                   struct orl_error *err);

/* Assert that a frame can be read: every coordinate is finite, every text lies inside the frame, no
 * two texts overlap, text reaches a contrast of 4.5:1 (3:1 in semibold, which names runs in their
 * colours) and every other mark that is not faint 3:1, on what lies under it or on its halo
 * (WCAG 2.2, 1.4.3 and 1.4.11). ORL_FAIL with the first that does not. For tests. */
int orl_film_check(const struct orl_film *film, size_t frame, struct orl_error *err);

ORL_END_DECLS

#endif
