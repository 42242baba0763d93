/* disk: a disk in memory that SQLite writes to, and that loses what it may lose. A write counts for those who read it at
 * once, but is on the disk only after a sync; at a power cut each write that was not synced is there whole, in part (in
 * sectors), or not at all, and so are names of files. One seed decides all of it. */
#ifndef TEST_DISK_H
#define TEST_DISK_H

#include "base/rand.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes it SQLite's only file system; once per process. */
void disk_register(void);

struct disk_faults {
	int64_t cut_at;     /* the power goes at this many writes, syncs, truncations from now; 0: never */
	uint64_t error_ppm; /* of a million writes, syncs, truncations and opens so many fail once */
	int64_t room;       /* bytes that files may still grow by; < 0: no end */
};
/* All chance from here on comes from this seed. */
void disk_seed(uint64_t seed);
void disk_faults(struct disk_faults f);
bool disk_dead(void); /* the power is gone: everything fails */
void disk_cut(void);  /* it goes now */
/* Power again: what was not synced is decided. All connections must be closed. */
void disk_reboot(void);

/* The whole disk as it is when everything is synced, to start many seeds from one state. */
struct disk_image;
struct disk_image *disk_save(void);
void disk_load(const struct disk_image *image);
void disk_image_free(struct disk_image *image);
void disk_wipe(void);
/* A number that two equal disks share. */
uint64_t disk_hash(void);

struct disk_count {
	int64_t writes, syncs, cuts, lost, torn, errors;
};
extern struct disk_count disk_count;

#endif
