/* Where tests make a system call or an allocation fail.
 *
 * The file layer calls the system through the functions below, and every block of memory comes from
 * base/array.h and base/text.h, which ask here, too. In a build with -DOPTREEL_FAULTS=ON (which
 * defines ORL_FAULTS) each such call is counted and can be made to fail; in any other build nothing
 * of it is compiled in, and the functions are the system's calls.
 *
 * A recipe says which calls fail: POINT@N=ERROR, for instance
 *
 *     write@3=ENOSPC        the third write of the process fails
 *     sync@1+=EIO           every sync fails, from the first one on
 *     write@2=short         the second write takes half of what it is given, which is no failure
 *     memory@40,close@1=EIO several points, each with its own count; memory fails with ENOMEM
 *
 * Points: open, read, write, sync, rename, mkdir, close, memory. Errors: EACCES, EDQUOT, EFBIG,
 * EIO, EMFILE, ENOENT, ENOMEM, ENOSPC, EPERM, EROFS, short (of read and write).
 *
 * Of a whole program:  OPTREEL_FAULT=RECIPE OPTREEL_FAULT_MARK=FILE optreel ...
 *   Each process counts for itself (and its media module has a count of its own). Who comes so far
 *   adds a line "PID POINT N" to FILE; of a recipe without + only the first of them fails, so that
 *   it is one failure in the whole batch, or, with OPTREEL_FAULT_TURN=K, the K-th. A recipe that
 *   failed nothing leaves no FILE, or one of fewer lines: a test that does not look proves nothing.
 *   What is no recipe ends the program with 70.
 * In a unit test:  orl_fault_set("sync@1=EIO"); ...; assert_int_equal(orl_fault_hits(), 1);
 *   orl_fault_calls() says how many calls there are to fail, so that a loop can try each. */
#ifndef ORL_BASE_FAULT_H
#define ORL_BASE_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum orl_fault_point {
    ORL_FAULT_OPEN,
    ORL_FAULT_READ,
    ORL_FAULT_WRITE,
    ORL_FAULT_SYNC,
    ORL_FAULT_RENAME,
    ORL_FAULT_MKDIR,
    ORL_FAULT_CLOSE,
    ORL_FAULT_MEMORY,
    ORL_FAULT_POINTS
};

#ifdef ORL_FAULTS
/* Count a call of `point`. True where it has to fail: errno is then the recipe's error. A recipe of
 * "short" halves *length (at least 1 stays) and lets the call go on; `length` may be NULL. Any
 * thread. */
bool orl_fault_strikes(enum orl_fault_point point, size_t *length);

/* Take a recipe (NULL: none), and count from 0 again. False where it is no recipe; nothing fails
 * then. Not while other threads work. */
bool orl_fault_set(const char *recipe);

/* Calls of `point` since the recipe was set, and how many calls of any point were struck. */
size_t orl_fault_calls(enum orl_fault_point point);
size_t orl_fault_hits(void);
#else
static inline bool orl_fault_strikes(enum orl_fault_point point, size_t *length)
{
    (void)point, (void)length;
    return false;
}
#endif

/* The system's calls, of the same meaning. */
static inline int orl_sys_openat(int folder, const char *path, int flags, mode_t mode)
{
    return orl_fault_strikes(ORL_FAULT_OPEN, NULL) ? -1 : openat(folder, path, flags, mode);
}

static inline ssize_t orl_sys_read(int fd, void *bytes, size_t length)
{
    return orl_fault_strikes(ORL_FAULT_READ, &length) ? -1 : read(fd, bytes, length);
}

static inline ssize_t orl_sys_pread(int fd, void *bytes, size_t length, off_t at)
{
    return orl_fault_strikes(ORL_FAULT_READ, &length) ? -1 : pread(fd, bytes, length, at);
}

static inline ssize_t orl_sys_write(int fd, const void *bytes, size_t length)
{
    return orl_fault_strikes(ORL_FAULT_WRITE, &length) ? -1 : write(fd, bytes, length);
}

static inline ssize_t orl_sys_pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    return orl_fault_strikes(ORL_FAULT_WRITE, &length) ? -1 : pwrite(fd, bytes, length, at);
}

static inline int orl_sys_fsync(int fd)
{
    return orl_fault_strikes(ORL_FAULT_SYNC, NULL) ? -1 : fsync(fd);
}

static inline int orl_sys_fdatasync(int fd)
{
    return orl_fault_strikes(ORL_FAULT_SYNC, NULL) ? -1 : fdatasync(fd);
}

static inline int orl_sys_renameat2(int from, const char *old, int to, const char *name,
                                    unsigned flags)
{
    return orl_fault_strikes(ORL_FAULT_RENAME, NULL) ? -1 : renameat2(from, old, to, name, flags);
}

static inline int orl_sys_renameat(int from, const char *old, int to, const char *name)
{
    return orl_fault_strikes(ORL_FAULT_RENAME, NULL) ? -1 : renameat(from, old, to, name);
}

static inline int orl_sys_mkdirat(int folder, const char *path, mode_t mode)
{
    return orl_fault_strikes(ORL_FAULT_MKDIR, NULL) ? -1 : mkdirat(folder, path, mode);
}

/* As the system's close: the descriptor is gone even where it fails. */
static inline int orl_sys_close(int fd)
{
    bool struck = orl_fault_strikes(ORL_FAULT_CLOSE, NULL);
    int error = errno, ret = close(fd);
    if (!struck)
        return ret;
    errno = error;
    return -1;
}

#endif
