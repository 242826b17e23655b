/* What every room shares: result codes, errors, messages about input, limits, settings of table
 * entries.
 *
 * Error rule of the whole library: a function that can fail returns ORL_OK or a negative enum
 * orl_code. The place that finds the failure fills `struct orl_error` (once); callers pass the code
 * on. Faults of the user's input are collected as `struct orl_messages`, so that several can be
 * shown at once. Nothing here prints, exits or aborts. */
#ifndef OPTREEL_BASE_H
#define OPTREEL_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__GNUC__)
#define ORL_PRINTF(format_index, first_argument)                                                   \
    __attribute__((format(printf, format_index, first_argument)))
#define ORL_BEGIN_DECLS _Pragma("GCC visibility push(default)")
#define ORL_END_DECLS   _Pragma("GCC visibility pop")
#else
#define ORL_PRINTF(format_index, first_argument)
#define ORL_BEGIN_DECLS
#define ORL_END_DECLS
#endif

ORL_BEGIN_DECLS

#define ORL_VERSION "0.1.0" /* the only place; CMake reads it from here */

/* Result codes. orl_exit_code() maps them to the exit codes of the command line. */
enum orl_code {
    ORL_OK = 0,
    ORL_FAIL = -1,      /* some of what was asked for failed, the rest is done */
    ORL_EUSAGE = -2,    /* command line */
    ORL_EINPUT = -3,    /* experiment or data refused; nothing was started */
    ORL_EENV = -4,      /* encoder or font missing, memory, worker crash, timeout */
    ORL_EIO = -5,       /* output could not be written */
    ORL_EBUSY = -6,     /* output folder in use */
    ORL_ENOMEM = -7,    /* an allocation failed */
    ORL_EDIVERGED = -8, /* a run met a value that is not finite */
    ORL_ECANCELED = -9, /* stopped by a signal */
    ORL_ELEFT = -10,    /* left early, as asked: the same command goes on */
    ORL_EBUG = -70,     /* an inner rule does not hold: please report */
};

/* The reason of one failure: a code and a sentence without newline, in valid UTF-8; a sentence that
 * is too long ends with "…". Zero-initialize before use. */
struct orl_error {
    int code;
    char text[768];
};

/* Fill `err` (may be NULL) unless it already holds a failure, and return `code`. */
int orl_fail(struct orl_error *err, int code, const char *format, ...) ORL_PRINTF(3, 4);

/* Shorthand for a failed allocation: "out of memory". */
int orl_fail_memory(struct orl_error *err);

/* The exit code of the command line for a result code (0, 1, 2, 3, 4, 5, 6, 70). */
int orl_exit_code(int code);

/* One remark on the user's input. */
enum orl_severity { ORL_SEVERITY_ERROR, ORL_SEVERITY_WARNING };

struct orl_message {
    enum orl_severity severity;
    char *file;      /* owned; as the user wrote it; NULL where there is none */
    unsigned line;   /* 1-based; 0 where there is none */
    unsigned column; /* 1-based, in code points; 0 where there is none */
    char *text;      /* owned */
    char *source;    /* owned: the source line without its newline, NULL where there is none */
    char *hint;      /* owned: "did you mean 'adamw'?"; NULL where there is none */
};

/* A list of remarks. Zero-initialize; release with orl_messages_uninit. Not thread-safe. */
struct orl_messages {
    struct orl_message *items; /* owned: count entries */
    size_t count, capacity;
    size_t errors, warnings; /* all that were added, kept or not */
};

/* Where in a file a remark belongs. All text is borrowed for the call. */
struct orl_place {
    const char *file;
    unsigned line, column;
    const char *source; /* source line, not terminated by the length below; NULL where unknown */
    size_t source_length;
};

/* Add a remark. `place` and `hint` may be NULL. At most 1,000 are kept; all are counted. Returns
 * ORL_EINPUT for an error and ORL_OK for a warning, so that `return orl_messages_error(...)` reads
 * well; ORL_ENOMEM when memory is short. */
int orl_messages_add(struct orl_messages *messages, enum orl_severity severity,
                     const struct orl_place *place, const char *hint, const char *format, ...)
    ORL_PRINTF(5, 6);

/* Turn the errors from the index `from` on into warnings: what they are about is left out. */
void orl_messages_excuse(struct orl_messages *messages, size_t from);

/* The same for who has a format of his own: a remark is formatted once, here, cut nowhere, and
 * valid UTF-8 whatever was put into it. */
int orl_messages_vadd(struct orl_messages *messages, enum orl_severity severity,
                      const struct orl_place *place, const char *hint, const char *format,
                      va_list arguments) ORL_PRINTF(5, 0);

/* The first error as a failure: "FILE:LINE:COL: text; hint", for who has one sentence to tell.
 * Returns `code`; "input refused" where there is no error. */
int orl_messages_fail(const struct orl_messages *messages, int code, struct orl_error *err);

/* Write `FILE:LINE:COL: error: text`, the source line, a caret and the hint for each remark; at
 * most 20 errors and 20 warnings, then "and N more". Control bytes, invalid UTF-8 and bidirectional
 * controls are shown as \x1b or \u202e. */
void orl_messages_print(const struct orl_messages *messages, FILE *out);

/* Free all of them; the list is empty and zero then. */
void orl_messages_uninit(struct orl_messages *messages);

/* Limits on input, each with a `--max-…` option. Zero-initialize never: start from
 * orl_limits_default. */
struct orl_limits {
    uint64_t experiment_bytes; /* 4 MiB */
    uint64_t nesting;          /* 64 levels of YAML */
    uint64_t keys;             /* 10,000 in one map of an experiment file */
    uint64_t name_bytes;       /* 100 */
    uint64_t title_chars;      /* 500 */
    uint64_t jobs;             /* 10,000 runs + films */
    uint64_t formula_bytes;    /* 64 KiB */
    uint64_t formula_depth;    /* 64 */
    uint64_t formula_nodes;    /* 4,096 */
    uint64_t csv_bytes;        /* 2 GiB */
    uint64_t csv_line_bytes;   /* 1 MiB */
    uint64_t csv_field_bytes;  /* 64 KiB */
    uint64_t csv_columns;      /* 4,096 */
    uint64_t points;           /* 10^7 */
    uint64_t steps;            /* 10^9 */
    uint64_t side_px;          /* 8192 */
    uint64_t pixels;           /* 33,554,432 */
    uint64_t frames;           /* 100,000 per film */
    uint64_t fps;              /* 240 */
    uint64_t log_bytes;        /* 2 GiB: of a training log or database */
    uint64_t log_record_bytes; /* 64 MiB: of one record of it */
    uint64_t log_columns;      /* 10^4 */
    uint64_t log_points;       /* 2 * 10^7 numbers */
    uint64_t log_runs;         /* 1,000 of a file or folder */
};
extern const struct orl_limits orl_limits_default;

/* One row per limit: its option name ("max-steps"), what it bounds, and where it lies in struct
 * orl_limits. Ended by an entry whose option is NULL. */
struct orl_limit_desc {
    const char *option;
    const char *description;
    size_t offset;
};
extern const struct orl_limit_desc orl_limit_descs[];

/* Settings: what a table entry (optimizer, loss, panel, format) can be given in an experiment file.
 */
enum orl_setting_type {
    ORL_SETTING_REAL,
    ORL_SETTING_INTEGER,
    ORL_SETTING_BOOLEAN,
    ORL_SETTING_CHOICE, /* one of `choices`; its value is the index */
    ORL_SETTING_TEXT,   /* free text, e.g. an encoder's own preset name */
    ORL_SETTING_NAMES,  /* one name or a list of `minimum` to `maximum` names */
};

/* What a setting is to others than the file of its table entry: they ask for it by its role, never
 * by name or position. An entry has at most one setting of a role. */
enum orl_setting_role {
    ORL_ROLE_NONE,
    ORL_ROLE_RATE,     /* of a rule: its learning rate, which is tuned and drawn */
    ORL_ROLE_DECAY,    /* its weight decay */
    ORL_ROLE_MOMENTUM, /* the share of its last step that it keeps */
    ORL_ROLE_WORDS,    /* of a panel: the text that it shows, which must be given */
    ORL_ROLE_WATCHED,  /* the parameter that the table of its film shows */
    ORL_ROLE_CODEC,    /* of a format: a choice, parallel to its codecs */
    ORL_ROLE_CRF,      /* quality in the codec's measure */
    ORL_ROLE_SPEED,    /* a choice of encoders' own preset names */
    ORL_ROLE_CHROMA,   /* a choice: 444, 420 */
    ORL_ROLE_FRAMES,   /* a choice: poster, all */
};

struct orl_setting {
    const char *name; /* NULL ends a list */
    enum orl_setting_type type;
    enum orl_setting_role role;
    const char *unit;           /* "1" where it has none, "model units/step", "s", "px", ... */
    double initial;             /* default; for a choice the index; NAN: none, the owner decides */
    double minimum, maximum;    /* of numbers, both allowed; of names: how many */
    const char *const *choices; /* for ORL_SETTING_CHOICE: NULL-ended */
    const char *const *aliases; /* other accepted names, NULL-ended; or NULL */
    bool schedule;              /* may be a formula of `step` and `steps` */
    bool parameters;            /* of names: each must be a parameter of the problem */
    bool tunable;               /* may be {tune: [from, to], trials: 60} */
    bool always;                /* told of every run, whether the file sets it or not */
    const char *brief;          /* what titles call it: "lr"; NULL: its name */
    const char *description;    /* one line */
};

/* The value of one setting, parallel to its list of settings. */
struct orl_value {
    double number; /* a boolean is 0 or 1, a choice its index */
    char *text;   /* owned: the text of ORL_SETTING_TEXT, or the formula of a schedule; else NULL */
    char **names; /* owned, as are they, NULL-ended: of ORL_SETTING_NAMES; NULL: not given */
};

/* Free what a value owns and leave zero bytes. */
void orl_value_uninit(struct orl_value *value);

/* Index of `name` (or of an alias) in a NULL-ended list of settings; -1 where it is not there. */
int orl_setting_find(const struct orl_setting *settings, const char *name);

/* Index of the setting of a role in a NULL-ended list (NULL: an empty one); -1 where none has it.
 */
int orl_setting_of(const struct orl_setting *settings, enum orl_setting_role role);

/* Whether settings called "name.key" belong to that of the name: a map in an experiment file. */
bool orl_setting_is_group(const struct orl_setting *settings, const char *name);

/* Number of entries before the NULL-ended list ends. A NULL list has none. */
size_t orl_setting_count(const struct orl_setting *settings);

/* Values of all settings of a list: their defaults, or a copy of others (text included). NULL when
 * memory is short. Owned by the caller; release with orl_values_free, which takes NULL, too. */
struct orl_value *orl_values_default(const struct orl_setting *settings);
struct orl_value *orl_values_copy(const struct orl_value *values,
                                  const struct orl_setting *settings);
void orl_values_free(struct orl_value *values, const struct orl_setting *settings);

ORL_END_DECLS

#endif
