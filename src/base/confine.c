/* Confinement of a process: seccomp, Landlock, limits. */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"

/* ---- Limits ---------------------------------------------------------------------------------- */

void orl_confine_life(void)
{
    static const struct rlimit no_core = {0, 0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &no_core);
}

void orl_confine_memory(uint64_t bytes)
{
#ifdef ORL_SANITIZED
    bytes = 0;
#endif
    struct rlimit limit;
    if (bytes == 0 || getrlimit(RLIMIT_AS, &limit) != 0)
        return;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > bytes)
        limit.rlim_max = bytes;
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_AS, &limit);
}

void orl_confine_time(double seconds)
{
    struct rlimit limit;
    struct rusage used;
    if (!(seconds > 0) || getrlimit(RLIMIT_CPU, &limit) != 0 || getrusage(RUSAGE_SELF, &used) != 0)
        return;
    double until = ceil(seconds + (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec + 1);
    if (limit.rlim_max != RLIM_INFINITY && until > (double)limit.rlim_max)
        return; /* who started us was stricter */
    limit.rlim_cur = (rlim_t)until;
    (void)setrlimit(RLIMIT_CPU, &limit);
}

bool orl_confine_wanted(void)
{
    const char *said = getenv("OPTREEL_SANDBOX");
    return !said || strcmp(said, "off") != 0;
}

/* ---- System calls ---------------------------------------------------------------------------- */

#if defined(__x86_64__)
#define OWN_CALLS AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_CALLS AUDIT_ARCH_AARCH64
#endif

bool orl_confine_has_calls(void)
{
#ifdef OWN_CALLS
    /* EFAULT: the kernel knows filters and looked for this one. */
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 && errno == EFAULT;
#else
    return false;
#endif
}

#ifdef OWN_CALLS
/* An io_uring opens sockets, too; what opens by handle goes around the rules for files. */
static const unsigned refused[] = {
    __NR_socket,
    __NR_socketpair,
    __NR_execve,
    __NR_execveat,
    __NR_io_uring_setup,
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_pidfd_getfd,
    __NR_bpf,
    __NR_perf_event_open,
    __NR_userfaultfd,
    __NR_open_by_handle_at,
    __NR_mount,
    __NR_umount2,
    __NR_pivot_root,
    __NR_chroot,
    __NR_unshare,
    __NR_setns,
    __NR_keyctl,
    __NR_add_key,
    __NR_request_key,
    __NR_init_module,
    __NR_finit_module,
    __NR_delete_module,
    __NR_kexec_load,
    __NR_reboot,
    __NR_swapon,
    __NR_swapoff,
    __NR_acct,
    __NR_quotactl,
    __NR_sethostname,
    __NR_setdomainname,
    __NR_settimeofday,
    __NR_clock_settime,
    __NR_adjtimex,
    __NR_clock_adjtime,
#ifndef ORL_SANITIZED /* whose leak check looks at its own process */
    __NR_ptrace,
#endif
};

#define OFFSET(member) (unsigned)offsetof(struct seccomp_data, member)

/* Three instructions that refuse the calls of other architectures, one for each call, and the two
 * ends. */
static unsigned short filter_make(struct sock_filter *filter)
{
    const struct sock_filter refuse =
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA));
    const size_t count = ORL_COUNT(refused);
    size_t at = 0;
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(arch));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_CALLS, 1, 0);
    filter[at++] = refuse;
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(nr));
#ifdef __x86_64__ /* the calls of x32 have this bit */
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u,
                                                (unsigned char)(count + 1), 0);
#endif
    for (size_t i = 0; i < count; i++)
        filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i],
                                                    (unsigned char)(count - i), 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = refuse;
    return (unsigned short)at;
}
#endif

bool orl_confine_calls(void)
{
#ifdef OWN_CALLS
    struct sock_filter filter[ORL_COUNT(refused) + 8];
    struct sock_fprog program = {filter_make(filter), filter};
    if (!orl_confine_wanted() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
    return false;
#endif
}

/* ---- Files ----------------------------------------------------------------------------------- */

/* In kernels since 6.2, but not in all headers. */
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)
enum { LANDLOCK_TRUNCATE = 3, LANDLOCK_LEAST = 2 };

#define ACCESS_READ                                                                                \
    ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |                        \
     LANDLOCK_ACCESS_FS_EXECUTE)
#define ACCESS_WRITE                                                                               \
    ((uint64_t)LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                     \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)
/* What a rule for a file, rather than a folder, may hold. */
#define ACCESS_OF_FILE                                                                             \
    ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                      \
     LANDLOCK_ACCESS_FS_EXECUTE | ACCESS_TRUNCATE)

/* Libraries, fonts, time zones; what the C library asks of the kernel and its devices. */
static const char *const system_folders[] = {"/usr",  "/lib", "/lib64", "/etc",
                                             "/proc", "/sys", "/dev",   "/opt"};

int orl_confine_landlock(void)
{
    long version =
        syscall(__NR_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < LANDLOCK_LEAST ? 0 : (int)version; /* the first could not rename */
}

/* What cannot be opened needs no rule. */
static bool rule_add(int rules, const char *path, uint64_t allowed)
{
    struct stat status;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    struct landlock_path_beneath_attr rule = {.allowed_access = allowed, .parent_fd = fd};
    if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode))
        rule.allowed_access &= ACCESS_OF_FILE;
    bool good = syscall(__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0u) == 0;
    close(fd);
    return good;
}

bool orl_confine_files(const char *writable, const char *const *readable, size_t count)
{
    int version = orl_confine_wanted() ? orl_confine_landlock() : 0;
    uint64_t write = ACCESS_WRITE | (version >= LANDLOCK_TRUNCATE ? ACCESS_TRUNCATE : 0);
    struct landlock_ruleset_attr handled = {.handled_access_fs =
                                                write | (readable ? ACCESS_READ : 0)};
    if (version == 0)
        return false;
    int rules = (int)syscall(__NR_landlock_create_ruleset, &handled, sizeof handled, 0u);
    if (rules < 0)
        return false;
    bool good = !writable || rule_add(rules, writable, handled.handled_access_fs);
    good = good && rule_add(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
    for (size_t i = 0; good && readable && i < ORL_COUNT(system_folders); i++)
        good = rule_add(rules, system_folders[i], ACCESS_READ);
    for (size_t i = 0; good && readable && i < count; i++)
        good = rule_add(rules, readable[i], ACCESS_READ);
    good = good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(__NR_landlock_restrict_self, rules, 0u) == 0;
    close(rules);
    return good;
}
