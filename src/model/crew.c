/* The crew: threads that wait for passes. */
#include "model/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/array.h"

struct member {
    struct orl_crew *crew;
    size_t number;
    pthread_t thread;
};

struct orl_crew {
    pthread_mutex_t mutex;
    pthread_cond_t start, done;
    struct member members[ORL_CREW_MOST]; /* the first is the caller */
    size_t size;
    uint64_t round; /* of work; guarded by the mutex, as is what follows */
    size_t busy;
    bool over;
    /* the work of the present round */
    void (*work)(void *context, size_t member, size_t chunk);
    void *context;
    size_t chunks;
    atomic_size_t next;
};

static void take_chunks(struct orl_crew *c, size_t member)
{
    for (size_t chunk; (chunk = atomic_fetch_add(&c->next, 1)) < c->chunks;)
        c->work(c->context, member, chunk);
}

static void *serve(void *argument)
{
    struct member *m = argument;
    struct orl_crew *c = m->crew;
    uint64_t seen = 0;
    pthread_mutex_lock(&c->mutex);
    for (;;) {
        while (c->round == seen && !c->over)
            pthread_cond_wait(&c->start, &c->mutex);
        if (c->over)
            break;
        seen = c->round;
        pthread_mutex_unlock(&c->mutex);
        take_chunks(c, m->number);
        pthread_mutex_lock(&c->mutex);
        if (--c->busy == 0)
            pthread_cond_signal(&c->done);
    }
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

static size_t cores(void)
{
    cpu_set_t set;
    size_t count = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
    return count < ORL_CREW_MOST ? count : ORL_CREW_MOST;
}

struct orl_crew *orl_crew_create(void)
{
    struct orl_crew *c = orl_calloc(1, sizeof *c);
    sigset_t all, before;
    if (!c)
        return NULL;
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->start, NULL);
    pthread_cond_init(&c->done, NULL);
    c->size = 1;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the caller's business */
    for (size_t i = 1; i < cores(); i++) {
        c->members[i] = (struct member){.crew = c, .number = i};
        if (pthread_create(&c->members[i].thread, NULL, serve, &c->members[i]) != 0)
            break; /* fewer do it, too */
        c->size++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return c;
}

void orl_crew_destroy(struct orl_crew **crew)
{
    struct orl_crew *c = *crew;
    if (!c)
        return;
    pthread_mutex_lock(&c->mutex);
    c->over = true;
    pthread_cond_broadcast(&c->start);
    pthread_mutex_unlock(&c->mutex);
    for (size_t i = 1; i < c->size; i++)
        pthread_join(c->members[i].thread, NULL);
    pthread_cond_destroy(&c->start);
    pthread_cond_destroy(&c->done);
    pthread_mutex_destroy(&c->mutex);
    free(c);
    *crew = NULL;
}

size_t orl_crew_size(const struct orl_crew *crew)
{
    return crew->size;
}

void orl_crew_run(struct orl_crew *crew, size_t chunks,
                  void (*work)(void *context, size_t member, size_t chunk), void *context)
{
    pthread_mutex_lock(&crew->mutex);
    crew->work = work;
    crew->context = context;
    crew->chunks = chunks;
    atomic_store(&crew->next, 0);
    crew->busy = crew->size - 1;
    crew->round++;
    pthread_cond_broadcast(&crew->start);
    pthread_mutex_unlock(&crew->mutex);
    take_chunks(crew, 0);
    pthread_mutex_lock(&crew->mutex);
    while (crew->busy > 0)
        pthread_cond_wait(&crew->done, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}
