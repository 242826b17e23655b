/* A SQLite database as it stands, in memory: the file and the frames of its write-ahead log. The
 * user's files are only read: opened in place, SQLite would leave a -shm file beside them, and with
 * `immutable` it would not see what is in the log. */
#ifndef ORL_LOGS_DATABASE_H
#define ORL_LOGS_DATABASE_H

#include <sqlite3.h>

#include "logs/input.h"

/* Open the database that `in` reads. ORL_EINPUT with a message where it is damaged. Close with
 * sqlite3_close. */
int orl_log_database_open(struct log_input *in, sqlite3 **out, struct orl_error *err);

/* Call `row` for each row of a query. A value other than ORL_OK ends it. Faults of the database go
 * to the messages of `in`. */
int orl_log_database_each(struct log_input *in, sqlite3 *db, const char *sql,
                          int (*row)(void *context, sqlite3_stmt *row, struct orl_error *err),
                          void *context, struct orl_error *err);
/* True where a query gives a row. */
bool orl_log_database_has(sqlite3 *db, const char *sql);

#endif
