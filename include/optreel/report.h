/* Reports: summary.json and index.html of an output folder. */
#ifndef OPTREEL_REPORT_H
#define OPTREEL_REPORT_H

#include "optreel/scene.h"

ORL_BEGIN_DECLS

/* One run as the report tells it. All borrowed. */
struct orl_report_run {
    const char *name, *problem, *problem_title, *optimizer, *kind, *title, *details;
    size_t hyperparameter_count;
    const char *const *hyperparameter_names;
    const char *const *hyperparameter_values; /* as text: numbers, true/false, names, formulas;
                                                 NULL: not given, the rule decides */
    const char *repeat; /* what runs of several seeds are called together: "p/sgd"; NULL: it is one
                           alone */
    struct orl_tune tune; /* of the learning rate; no trials: it was given */
    enum orl_status status;
    int64_t steps;
    double loss;          /* at the last row; NAN where there is none */
    double gradient_norm; /* NAN where there is none */
    size_t parameter_count;
    const char *const *parameters;
    const double *values, *start;
    const double *truth;       /* or the minimum nearest to `values`; NULL where not known */
    size_t truth_count;        /* minima that are known; 1: the only one, or the truth of data */
    const double *best_fit;    /* the exact least-squares solution; NULL where there is none */
    size_t points, missing;    /* rows of the data, and those left out; 0: none */
    const struct orl_fit *fit; /* what the fit is worth; NULL where it is no least-squares fit */
    int64_t steps_to[ORL_THRESHOLDS]; /* orl_trace_thresholds; -1: never */
    size_t rank;                      /* among the runs of its problem that were made; 0: none */
    double level;                     /* by which they rank; NAN: by their end loss */
    int64_t level_step;               /* the first step at or below it; -1: never */
    double seconds;
    const char *trace, *log; /* paths relative to the output folder */
    const char *failure;     /* why it failed; NULL */
    const char
        *color; /* its colour in the films, "#0072b2", for the mark beside its name; NULL: none */
};

/* One output file of a film. */
struct orl_report_film {
    const char *name, *title, *format, *path;
    size_t run_count;
    const char *const *runs;   /* names */
    const char *poster;        /* path of the film's poster; NULL */
    const char *const *beside; /* paths of what stands beside the film (captions, a contact sheet),
                                  of its first output; NULL */
    size_t beside_count;
    const char *captions; /* the film's WebVTT text, for the page to carry; NULL: none */
    const char *places; /* where the film stands, a line for each: "SECONDS step 12, loss 0.5", from
                           that second on; NULL: not known */
    const char *alt;    /* what the film shows, in a sentence; NULL: made from the runs */
    const char *finding; /* its sentence; NULL: not known */
    const struct orl_event *events;
    size_t event_count;
    int64_t bytes;
    const char *sha256;
    int width, height, fps_num, fps_den;
    size_t frames;
    double seconds; /* duration of the film */
    bool cached;
    const struct orl_quality *quality; /* NULL: it was not measured */
    const char *failure;               /* why it failed; NULL */
};

enum { ORL_QUALITY_SIZE = 96 };
/* A film's quality in words: "49.8 dB, SSIM 0.99812" (all channels), or "exact". */
void orl_report_quality(char out[ORL_QUALITY_SIZE], const struct orl_quality *quality);

/* Something that was expected of the runs' end, or of the summary of before. All borrowed. */
enum orl_held { ORL_HELD_NO, ORL_HELD_YES, ORL_HELD_UNKNOWN }; /* unknown: its run was not made */
struct orl_report_check {
    const char *what; /* "quadratic/adam: loss < 1e-3" */
    enum orl_held held;
    double value;      /* what it is; infinite: never; NAN: there is none */
    const char *words; /* the same where it is no number: "diverged", "sgd, momentum"; NULL */
    const char *file;  /* where it stands; NULL */
    unsigned line, column;
    bool baseline; /* of --baseline, not of `expect` */
};
/* Its value in words: "0.5", "never", "diverged at step 12". Owned by the caller; NULL when memory
 * is short. */
char *orl_report_check_value(const struct orl_report_check *check);

struct orl_report_version {
    const char *name, *version;
};

struct orl_report {
    const char *experiment, *title, *description;
    const char *command; /* how to repeat it: "optreel render assignment" */
    const struct orl_report_version *versions;
    size_t version_count;
    const struct orl_report_run *runs;
    size_t run_count;
    const struct orl_report_film *films; /* posters among them, format "png" */
    size_t film_count;
    const char *const *warnings;
    size_t warning_count;
    const struct orl_report_check *checks; /* of `expect`, then of a baseline */
    size_t check_count;
    bool slides;    /* slides.pptx is made of films that it can play */
    bool snippets;  /* snippets/ stands beside them */
    bool times;     /* false: leave out times and `cached`: the same bytes each time */
    double seconds; /* wall time of the whole */
};

/* The report's texts. Pure: the same report gives the same bytes, whatever the clock and the
 * locale. Threads may share a report. Without `times` they hold nothing that differs between two
 * runs of the same experiment. Both return the whole text, owned by the caller; NULL when memory is
 * short. All names and titles come from users: they are escaped. */
char *orl_report_summary(const struct orl_report *report);
char *orl_report_html(const struct orl_report *report);

enum orl_results_format {
    ORL_RESULTS_CSV,
    ORL_RESULTS_MARKDOWN,
    ORL_RESULTS_LATEX,
    ORL_RESULTS_SUMMARY
};
/* The table of runs as a file of its own: results.csv, results.md, results.tex; or summary.md, the
 * runs, films and warnings in short (below 64 kB, for a job's page or a comment). Owned by the
 * caller; NULL when memory is short. */
char *orl_report_results(const struct orl_report *report, enum orl_results_format format);

/* A JUnit file: a test for each run, which fails where the run failed or, with `strict`, diverged,
 * one for each film file, and one for each expectation, which is skipped where it was not judged.
 * Owned by the caller; NULL when memory is short. */
char *orl_report_junit(const struct orl_report *report, bool strict);

/* What a film shows, as plain text in a sentence or two: its own `alt`, or else one made from the
 * runs ("Adam reaches loss 1e-3 at step 310 and ends at 4.1e-05 after 5000 steps; ..."). `film`
 * need not be one of report->films. Owned by the caller; NULL when memory is short. */
char *orl_report_alt(const struct orl_report *report, const struct orl_report_film *film);

ORL_END_DECLS

#endif
