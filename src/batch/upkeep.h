/* The upkeep of a folder after its batch: what is up to date is touched, what the experiment no
 * longer makes is named or removed, build systems are told what was read. */
#ifndef ORL_BATCH_UPKEEP_H
#define ORL_BATCH_UPKEEP_H

#include "batch/supervisor.h"

/* Give what was up to date the time of now, so that `make` finds it newer than its inputs. For a
 * batch that ended well. */
void orl_upkeep_touch(struct batch *batch);

/* Files that the manifest knows and the whole experiment no longer makes: with --prune they go,
 * else they are named. Nothing where only a part of the experiment was asked for. ORL_EIO,
 * ORL_ENOMEM. */
int orl_upkeep_prune(struct batch *batch, struct orl_error *err);

/* Write a file that stands outside of the output folder: whole, or the old one stays. ORL_EIO,
 * ORL_ENOMEM. */
int orl_upkeep_deliver(const char *file, const char *text, size_t length, struct orl_error *err);

/* Write options->deps: one rule, all outputs : all inputs. ORL_EIO, ORL_ENOMEM. */
int orl_upkeep_deps(struct batch *batch, struct orl_error *err);

#endif
