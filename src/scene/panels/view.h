/* A page of plots as its panels see it: the runs, their colours and names, the sizes of type and
 * lines, and which row of each run a frame shows. Made by film/page.c. */
#ifndef ORL_SCENE_VIEW_H
#define ORL_SCENE_VIEW_H

#include "scene/marks/letters.h"
#include "scene/marks/names.h"
#include "scene/marks/number.h"
#include "scene/marks/picture.h"
#include "scene/marks/theme.h"
#include "scene/panels/moment.h"

struct caption;
struct foot;
struct grid;
struct panel;
struct readout;
struct story;
struct third;

/* Text sizes and lengths, from the preset's least text size; px. */
struct sizes {
    double title, text, line, margin_x, margin_y, gap;
    double below; /* the margin at the foot: larger where buttons cover it */
};

struct view {
    struct caption *caption;   /* owned: title and subtitle as they fit */
    struct foot *foot;         /* owned: note and credit; NULL: none */
    struct third *third;       /* owned: the lower third of a report video's run; NULL: none */
    const char *quantity;      /* borrowed: what the traces' losses are called */
    bool loss;                 /* they are losses: thresholds and ranks mean something */
    struct orl_film_run *runs; /* owned array; what it points to is borrowed */
    struct style *styles;      /* owned: of each of `runs` */
    bool dashed;               /* some of their lines have dashes, which keys must show */
    size_t run_count;
    size_t axis_count; /* runs that axes are chosen from: those shown, and after them in `runs`
                          others on the same problem */
    bool *highlight;   /* owned: of each run shown, whether it stands out; NULL: the winner does */
    size_t watched;    /* the parameter that the film's table shows; SIZE_MAX: it chooses one */
    struct orl_standing standing;      /* owned: of the runs shown, at the last step */
    int64_t axis_to;                   /* the last step that any of those shows */
    struct orl_workspace **workspaces; /* owned: one per run, NULL where it has no problem; for who
                                          lays the page out. Frames take the picture's */
    const struct orl_measure *measure; /* borrowed */
    const struct theme *theme;         /* own_theme */
    struct theme own_theme;
    struct sizes size;
    bool card; /* one panel, one line, the step on a plate: nothing else has room */
    struct pace pace;
    int width, height, fps_num, fps_den;
    enum orl_pace pace_kind;
    struct panel *panels; /* owned */
    size_t panel_count;
    struct grid *grid;       /* owned: what stands around the cells of small multiples; NULL */
    struct readout *readout; /* owned: the table beside the panels; NULL: there is no room */
    struct story *story;     /* owned: the finding and the events; NULL before they are found */
    uint32_t *told; /* owned: of each frame, the run of which a sentence is told there; UINT32_MAX:
                       of none; NULL before the story is made */
    struct orl_rect title_box, footer_box;
};

/* The same page with larger text and lines. Borrows all that it points to. */
struct view orl_view_with_text(const struct view *view, double scale);

/* The page is for upright phones: higher than wide. */
bool orl_view_is_tall(const struct view *view);
/* Its type is large for its width, and it is not tall: the main panel takes all of the width, lines
 * of words are few. */
bool orl_view_is_compact(const struct view *view);
/* The step that a frame shows. */
int64_t orl_view_step(const struct view *view, size_t frame);
/* The truth of the run's problem, of several minima the one nearest to the run's end; NULL: not
 * known. */
const double *orl_view_truth(const struct view *view, size_t run);
/* The run's row that a frame shows; of one that is not shown, as far on its way as the film is. */
size_t orl_view_row(const struct view *view, size_t run, size_t frame);
/* The run has ended (finished, converged or diverged) by the step that the frame shows. */
bool orl_view_run_ended(const struct view *view, size_t run, size_t frame);
/* The run of the event whose sentence stands in this frame; SIZE_MAX: there is none. */
size_t orl_view_told(const struct view *view, size_t frame);
/* The last step is shown: results may be told. */
bool orl_view_is_last(const struct view *view, size_t frame);

/* The colour, dash and marker of a run. */
const struct style *orl_view_style(const struct view *view, size_t run);
/* The run has diverged by the step that the frame shows. */
bool orl_view_diverged(const struct view *view, size_t run, size_t frame);
/* A run's line and marker as they are in the panels, `width` px from x on around the middle y. */
void orl_view_swatch(const struct view *view, size_t run, double x, double y, double width,
                     struct orl_picture *picture);

/* What stands before a run's name in keys and tables, from x on around the middle y: its marker,
 * and its line where lines are told apart by dashes. */
void orl_view_key(const struct view *view, size_t run, double x, double y,
                  struct orl_picture *picture);
/* And the width of that, px. */
double orl_view_key_width(const struct view *view);

/* The run whose loss in a frame is the least of those that have not diverged; SIZE_MAX: none. */
size_t orl_view_leader(const struct view *view, size_t frame);
/* The runs in the order of a table's rows: as they were given at the start, then by the loss that
 * is shown, looked at twice a second; at the end as they stand. `order`: room for all runs. */
void orl_view_order(const struct view *view, size_t frame, size_t *order);

/* A loss with three figures; "< 10⁻⁶" where it is below what tells runs apart: a decade under the
 * level at which they count as arrived, of problems whose least loss is no more than that. */
void orl_view_loss_figures(const struct view *view, char out[PEOPLE_SIZE], double loss);
/* "1", or "=1" where another run stands alike. */
void orl_view_rank(const struct view *view, size_t run, char out[PEOPLE_SIZE]);

/* marks/names.h for this page's runs and text size. */
size_t orl_view_shared_words(const struct view *view, size_t first, size_t count);
/* Bytes of the whole words that all titles begin with: "momentum 0.5", "momentum 0.95" -> 9. */
size_t orl_view_common_words(const struct view *view);
/* A run's title in a sentence: without what all runs share. Borrowed. */
const char *orl_view_short_title(const struct view *view, size_t run);
char *orl_view_fit_name(const struct view *view, size_t run, double width);
char *orl_view_fit_title(const struct view *view, size_t run, double width);
double orl_view_widest_name(const struct view *view, double most);

#endif
