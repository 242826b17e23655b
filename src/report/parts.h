/* What the files of this room share: the report sorted into groups, markup made from users' text,
 * numbers for people. */
#ifndef ORL_REPORT_PARTS_H
#define ORL_REPORT_PARTS_H

#include "base/json.h"
#include "base/text.h"
#include "optreel/report.h"

/* ---- The report in order --------------------------------------------------------------------- */

/* Items by a key they share: groups in the order of their first item, items in the order of the
 * report. */
struct orl_groups {
    size_t count;
    size_t *start; /* owned: group g holds items[start[g]] … items[start[g+1]-1] */
    size_t *items; /* owned */
};

/* A name and where it stands; sorted by name, then place. */
struct orl_named {
    const char *name; /* borrowed */
    size_t index;
};

/* What every part of the page looks things up in. All of the report is borrowed. */
struct orl_layout_of_report {
    const struct orl_report *report;
    struct orl_groups problems; /* runs by problem, the best first */
    struct orl_groups films;    /* outputs by film */
    struct orl_named *runs;     /* owned: report->run_count entries */
};

/* False when memory is short; release with uninit in both cases. Zero-initialize before. */
bool orl_report_arrange(struct orl_layout_of_report *layout, const struct orl_report *report);
void orl_report_arrange_uninit(struct orl_layout_of_report *layout);
/* Whether `a` did better than `b`: the better rank where both have one; else lower final loss;
 * without one behind those that have one, failed runs last of all. */
bool orl_report_run_better(const struct orl_report_run *a, const struct orl_report_run *b);
/* The run of that name, or NULL. */
const struct orl_report_run *orl_report_run_find(const struct orl_layout_of_report *layout,
                                                 const char *name);

/* What the outputs of a film offer to a page, a slide or a document. All borrowed; NULL where there
 * is none that worked. */
struct orl_report_media {
    const struct orl_report_film *mp4, *webm, *pdf;
    const struct orl_report_film *moving; /* an image that moves by itself: GIF, WebP, APNG, AVIF */
    const struct orl_report_film *gif;    /* the one of these that office programs play */
    const struct orl_report_film *still;  /* one picture, in a list of outputs of its own */
    const struct orl_report_film *any;    /* the first output, for title and runs; never NULL */
    const char *poster, *captions;        /* a path, a text */
    const char *places;                   /* orl_report_film.places */
};
/* Find those of a group of layout->groups; all are borrowed from the report. */
void orl_report_media_find(const struct orl_layout_of_report *layout, size_t group,
                           struct orl_report_media *media);
/* The output at a place of layout->films.items. */
const struct orl_report_film *orl_report_output(const struct orl_layout_of_report *layout,
                                                size_t item);
/* What the film is called. Never NULL. */
const char *orl_report_film_title(const struct orl_report_film *film);

/* ---- What became of a parameter -------------------------------------------------------------- */

enum orl_movement {
    ORL_MOVEMENT_UNKNOWN, /* nothing to say: no start or end, no step made, or the start was the
                             truth */
    ORL_MOVEMENT_MOVED,
    ORL_MOVEMENT_HARDLY, /* by less than a millionth of its distance to the truth */
    ORL_MOVEMENT_NONE,   /* by less than a thousandth of that, which is nothing that any chart could
                            show */
};
/* How far a run took a parameter. Pure. */
enum orl_movement orl_report_movement(const struct orl_report_run *run, size_t parameter);

/* Euclidean distance of a run's end to a point, in the parameters' units; NaN where one of the two
 * is missing. */
double orl_report_distance(const struct orl_report_run *run, const double *to);

/* ---- Sentences, as plain text ---------------------------------------------------------------- */

/* `length` characters of [-]digits[.digits], those before the point in threes where there are more
 * than four, with a true minus. */
void orl_report_digits_append(struct orl_text *text, const char *digits, size_t length);
/* What a film shows. */
void orl_report_alt_append(struct orl_text *text, const struct orl_layout_of_report *layout,
                           const struct orl_report_film *film);
/* Which parameters stayed where they were, with whom: "γ stayed at 6 with SGD and Nesterov (truth
 * 8e+06)." Nothing where all moved. `runs` are runs of one problem. */
void orl_report_unmoved_append(struct orl_text *text, const struct orl_report_run *const *runs,
                               size_t count);

/* ---- Markup ---------------------------------------------------------------------------------- */

/* A user's text as text or as an attribute's inside: escaped, and what would turn the direction of
 * writing shown as \u202e. */
void orl_html_text(struct orl_text *text, const char *user);
/* The same, isolated from the direction of what stands around it. */
void orl_html_bdi(struct orl_text *text, const char *user);
/* A path relative to the page as a URL: everything but letters, digits and -._~/ percent-encoded.
 */
void orl_html_path(struct orl_text *text, const char *path);
/* A number with `digits` significant digits, typeset (1.2×10⁻⁵), all its digits in the title; an em
 * dash where it is not finite. */
void orl_html_number(struct orl_text *text, double value, int digits);
/* The median of the end losses of the runs that differ from this one in their seeds alone; NaN
 * where there are none. */
double orl_report_repeats_median(const struct orl_report *report, const struct orl_report_run *run);
/* "repeats" of summary.json: of each group its name, how many runs, and the quartiles of their end
 * losses. */
void orl_report_repeats_put(struct orl_json *json, const struct orl_report *report);
/* What a run's fit is worth, in a sentence: points, those left out, degrees of freedom, scatter,
 * criteria; nothing where there is nothing to tell. */
void orl_html_worth(struct orl_text *text, const struct orl_report_run *run);
/* " ± 0.12" behind a parameter's end, with a star where the run had not arrived; nothing where it
 * has no standard error. */
void orl_html_error(struct orl_text *text, const struct orl_report_run *run, size_t parameter);
void orl_html_integer(struct orl_text *text, int64_t value);
/* A size for people: 640 B, 4.2 kB, 310 kB, 1.3 MB. Plain text. */
void orl_html_bytes(struct orl_text *text, int64_t bytes);
/* The name, with greek letters as such; isolated. */
void orl_html_parameter(struct orl_text *text, const char *name);
/* What a run is called: its title, or else its optimizer or name. Never NULL. */
const char *orl_report_run_title(const struct orl_report_run *run);
/* What its problem is called. Never NULL. */
const char *orl_report_problem_title(const struct orl_report_run *run);

/* ---- Parts of the page ----------------------------------------------------------------------- */

/* The card of film group `group`; `level` is that of its heading. */
void orl_html_film(struct orl_text *text, const struct orl_layout_of_report *layout, size_t group,
                   int level);
/* The results of problem group `group`: a sentence on what did not move, and the table. */
void orl_html_results(struct orl_text *text, const struct orl_layout_of_report *layout,
                      size_t group);

/* The section on what was expected; nothing where nothing was. */
void orl_html_checks(struct orl_text *text, const struct orl_report *report);
/* How many checks are held, or not, or not judged. */
size_t orl_report_checks_count(const struct orl_report *report, enum orl_held held);
/* "2 of 5 expectations do not hold", and how many were not judged. */
void orl_report_checks_tell(struct orl_text *text, const struct orl_report *report);

/* Append summary.md: what was expected, runs, warnings, films, below 64 kB. */
void orl_outline_markdown(struct orl_text *out, const struct orl_report *report);

/* ---- LaTeX ----------------------------------------------------------------------------------- */

/* Append text with what LaTeX would take for its own escaped. */
void orl_latex_text(struct orl_text *out, const char *text);
/* Append a table for each problem: optimizer, steps, loss, steps to a loss of 1e-3, at most five
 * parameters; each fits a line of an A4 page. False when memory is short. */
bool orl_latex_results(struct orl_text *out, const struct orl_report *report);

#endif
