/* Preloaded into PostgreSQL, makes a fast disk one whose syncs take a millisecond longer. Nothing else changes: the
   data is still synced, after the pause. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void pause_first(void) {
    struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, 0);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    pause_first();
    return real(file);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int)) dlsym(RTLD_NEXT, "fsync");
    pause_first();
    return real(file);
}
