/* disk: files, locks and shared memory of SQLite in one process and one thread. */
#include "disk.h"

#include "base/clock.h"
#include "base/must.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR   512
#define FILES    16
#define REGIONS  16
#define NAME_MAX 64

struct bytes_of {
	unsigned char *at;
	int64_t len, cap;
};

struct op {
	bool truncate;
	int64_t offset;
	int len;
	unsigned char *data;
};

struct file {
	char name[NAME_MAX];
	bool there, kept; /* its name: now, and after a cut */
	bool fresh;       /* made anew and not synced: after a cut the one before may be back */
	struct bytes_of now, safe;
	struct op *ops; /* not synced */
	size_t ops_len, ops_cap;
	int shared;
	bool reserved, exclusive;
	void *region[REGIONS];
	int region_users, region_size;
	int lock_shared[SQLITE_SHM_NLOCK];
	bool lock_exclusive[SQLITE_SHM_NLOCK];
};

struct handle {
	sqlite3_file base;
	struct file *f;
	int level;
	bool mapped, temporary;
	bool holds_shared[SQLITE_SHM_NLOCK], holds_exclusive[SQLITE_SHM_NLOCK];
};

struct disk_image {
	struct {
		char name[NAME_MAX];
		struct bytes_of content;
	} file[FILES];
};

static struct file files[FILES];
static struct rng chance = { .seed = 1 };
static struct disk_faults faults = { .room = -1 };
static int64_t operations;
static bool dead;
struct disk_count disk_count;

/* ---- bytes ---- */

static void grow(struct bytes_of *b, int64_t len)
{
	if (len > b->cap) {
		int64_t cap = len * 2 + 4096;

		b->at = realloc(b->at, (size_t)cap);
		must(b->at);
		memset(b->at + b->cap, 0, (size_t)(cap - b->cap));
		b->cap = cap;
	}
	if (len > b->len)
		b->len = len;
}

static void empty(struct bytes_of *b)
{
	if (b->len > 0)
		memset(b->at, 0, (size_t)b->len);
	b->len = 0;
}

static void put(struct bytes_of *b, const struct op *o, int from, int len)
{
	if (o->truncate) {
		if (o->offset < b->len)
			memset(b->at + o->offset, 0, (size_t)(b->len - o->offset));
		grow(b, o->offset);
		b->len = o->offset;
		return;
	}
	grow(b, o->offset + from + len);
	memcpy(b->at + o->offset + from, o->data + from, (size_t)len);
}

static void copy(struct bytes_of *to, const struct bytes_of *from)
{
	empty(to);
	grow(to, from->len);
	if (from->len > 0)
		memcpy(to->at, from->at, (size_t)from->len);
}

/* ---- faults ---- */

static bool odds(uint64_t ppm)
{
	return ppm > 0 && rng_below(&chance, 1000000) < ppm;
}

/* Every change of the disk passes here. */
static bool fails(void)
{
	if (dead)
		return true;
	operations++;
	if (faults.cut_at > 0 && --faults.cut_at == 0) {
		disk_cut();
		return true;
	}
	if (!odds(faults.error_ppm))
		return false;
	disk_count.errors++;
	return true;
}

static bool no_room(const struct file *f, int64_t end)
{
	if (faults.room < 0 || end <= f->now.len)
		return false;
	if (end - f->now.len > faults.room)
		return true;
	faults.room -= end - f->now.len;
	return false;
}

static void op_add(struct file *f, struct op o, const void *data)
{
	if (f->ops_len == f->ops_cap) {
		f->ops_cap = f->ops_cap * 2 + 64;
		f->ops = reallocarray(f->ops, f->ops_cap, sizeof(*f->ops));
		must(f->ops);
	}
	if (o.len > 0) {
		o.data = malloc((size_t)o.len);
		must(o.data);
		memcpy(o.data, data, (size_t)o.len);
	}
	put(&f->now, &o, 0, o.len);
	f->ops[f->ops_len++] = o;
}

static void ops_forget(struct file *f)
{
	for (size_t i = 0; i < f->ops_len; i++)
		free(f->ops[i].data);
	f->ops_len = 0;
}

/* A folder is synced with the first sync of a new file in it, as SQLite's own file system does. */
static void names_keep(void)
{
	for (size_t i = 0; i < FILES; i++) {
		struct file *f = &files[i];

		f->kept = f->there;
		if (!f->there)
			empty(&f->safe);
	}
}

static void sync_file(struct file *f)
{
	if (f->fresh)
		empty(&f->safe);
	f->fresh = false;
	for (size_t i = 0; i < f->ops_len; i++)
		put(&f->safe, &f->ops[i], 0, f->ops[i].len);
	ops_forget(f);
	if (!f->kept)
		names_keep();
}

/* After a sync that failed the system calls its pages clean: those who read still see them, but no later sync writes
 * them. */
static void sync_lie(struct file *f)
{
	if (f->fresh)
		empty(&f->safe);
	f->fresh = false;
	for (size_t i = 0; i < f->ops_len; i++)
		if (rng_below(&chance, 2) == 0)
			put(&f->safe, &f->ops[i], 0, f->ops[i].len);
	ops_forget(f);
}

/* ---- one file, as SQLite asks ---- */

static struct file *file_of(sqlite3_file *p)
{
	return ((struct handle *)p)->f;
}

static int x_read(sqlite3_file *p, void *to, int len, sqlite3_int64 offset)
{
	const struct file *f = file_of(p);
	int64_t have = f->now.len - offset;

	if (dead)
		return SQLITE_IOERR_READ;
	have = have < 0 ? 0 : have > len ? len : have;
	if (have > 0)
		memcpy(to, f->now.at + offset, (size_t)have);
	memset((char *)to + have, 0, (size_t)(len - have));
	return have < len ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int x_write(sqlite3_file *p, const void *data, int len, sqlite3_int64 offset)
{
	struct file *f = file_of(p);

	disk_count.writes++;
	if (fails())
		return SQLITE_IOERR_WRITE;
	if (no_room(f, offset + len))
		return SQLITE_FULL;
	op_add(f, (struct op){ .offset = offset, .len = len }, data);
	return SQLITE_OK;
}

static int x_truncate(sqlite3_file *p, sqlite3_int64 len)
{
	if (fails())
		return SQLITE_IOERR_TRUNCATE;
	op_add(file_of(p), (struct op){ .truncate = true, .offset = len }, NULL);
	return SQLITE_OK;
}

static int x_sync(sqlite3_file *p, int flags)
{
	(void)flags;
	disk_count.syncs++;
	if (fails()) {
		if (!dead)
			sync_lie(file_of(p));
		return SQLITE_IOERR_FSYNC;
	}
	sync_file(file_of(p));
	return SQLITE_OK;
}

static int x_size(sqlite3_file *p, sqlite3_int64 *out)
{
	*out = file_of(p)->now.len;
	return SQLITE_OK;
}

static int x_lock(sqlite3_file *p, int level)
{
	struct handle *h = (struct handle *)p;
	struct file *f = h->f;

	if (h->level >= level)
		return SQLITE_OK;
	if (level == SQLITE_LOCK_SHARED) {
		if (f->exclusive)
			return SQLITE_BUSY;
		f->shared++;
	} else if (level == SQLITE_LOCK_RESERVED) {
		if (f->reserved)
			return SQLITE_BUSY;
		f->reserved = true;
	} else {
		if (f->reserved && h->level < SQLITE_LOCK_RESERVED)
			return SQLITE_BUSY;
		f->reserved = true;
		if (f->shared > 1)
			return SQLITE_BUSY;
		f->exclusive = true;
	}
	h->level = level;
	return SQLITE_OK;
}

static int x_unlock(sqlite3_file *p, int level)
{
	struct handle *h = (struct handle *)p;

	if (h->level <= level)
		return SQLITE_OK;
	if (h->level >= SQLITE_LOCK_RESERVED)
		h->f->reserved = h->f->exclusive = false;
	if (level == SQLITE_LOCK_NONE)
		h->f->shared--;
	h->level = level;
	return SQLITE_OK;
}

static int x_is_reserved(sqlite3_file *p, int *out)
{
	*out = file_of(p)->reserved;
	return SQLITE_OK;
}

static int x_control(sqlite3_file *p, int what, void *arg)
{
	(void)p, (void)what, (void)arg;
	return SQLITE_NOTFOUND;
}

static int x_sector(sqlite3_file *p)
{
	(void)p;
	return 4096;
}

/* As on Linux: a write never harms its neighbours. */
static int x_device(sqlite3_file *p)
{
	(void)p;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int x_shm_map(sqlite3_file *p, int n, int size, int make, void volatile **out)
{
	struct handle *h = (struct handle *)p;
	struct file *f = h->f;

	must(n < REGIONS);
	if (!h->mapped) {
		h->mapped = true;
		f->region_users++;
	}
	if (!f->region[n] && make) {
		f->region[n] = calloc(1, (size_t)size);
		must(f->region[n]);
		f->region_size = size;
	}
	*out = f->region[n];
	return SQLITE_OK;
}

static void shm_drop(struct handle *h, int i, bool exclusive)
{
	if (exclusive && h->holds_exclusive[i])
		h->f->lock_exclusive[i] = h->holds_exclusive[i] = false;
	if (!exclusive && h->holds_shared[i]) {
		h->f->lock_shared[i]--;
		h->holds_shared[i] = false;
	}
}

static bool shm_take(struct handle *h, int i, bool exclusive)
{
	struct file *f = h->f;

	if (exclusive) {
		if (f->lock_exclusive[i] || f->lock_shared[i] > h->holds_shared[i])
			return false;
		f->lock_exclusive[i] = h->holds_exclusive[i] = true;
	} else if (!h->holds_shared[i]) {
		if (f->lock_exclusive[i])
			return false;
		f->lock_shared[i]++;
		h->holds_shared[i] = true;
	}
	return true;
}

static int x_shm_lock(sqlite3_file *p, int from, int len, int flags)
{
	struct handle *h = (struct handle *)p;
	bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;

	for (int i = from; i < from + len; i++) {
		if (flags & SQLITE_SHM_UNLOCK) {
			shm_drop(h, i, exclusive);
		} else if (!shm_take(h, i, exclusive)) {
			while (--i >= from)
				shm_drop(h, i, exclusive);
			return SQLITE_BUSY;
		}
	}
	return SQLITE_OK;
}

static void x_shm_barrier(sqlite3_file *p)
{
	(void)p;
}

static void regions_free(struct file *f)
{
	for (size_t i = 0; i < REGIONS; i++) {
		free(f->region[i]);
		f->region[i] = NULL;
	}
}

static int x_shm_unmap(sqlite3_file *p, int drop)
{
	struct handle *h = (struct handle *)p;

	(void)drop;
	for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
		shm_drop(h, i, true);
		shm_drop(h, i, false);
	}
	if (h->mapped && --h->f->region_users == 0)
		regions_free(h->f);
	h->mapped = false;
	return SQLITE_OK;
}

static int x_close(sqlite3_file *p)
{
	struct handle *h = (struct handle *)p;

	x_shm_unmap(p, 0);
	x_unlock(p, SQLITE_LOCK_NONE);
	if (h->temporary)
		h->f->there = false;
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = { 2, x_close, x_read, x_write, x_truncate, x_sync, x_size, x_lock, x_unlock,
	x_is_reserved, x_control, x_sector, x_device, x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, NULL, NULL };

/* ---- names ---- */

static struct file *find(const char *name)
{
	for (size_t i = 0; i < FILES; i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	return NULL;
}

static struct file *find_or_make(const char *name)
{
	struct file *f = find(name);

	for (size_t i = 0; !f && i < FILES; i++)
		if (!files[i].there && !files[i].kept)
			f = &files[i];
	must(f && strlen(name) < NAME_MAX);
	strcpy(f->name, name);
	return f;
}

/* Where opening for writing fails, SQLite's own file system opens for reading: a passing fault, and nothing can be
 * written until the file is opened anew. */
static int refused_open(const struct file *f, int flags, int *out)
{
	if (dead || rng_below(&chance, 2) == 0 || !f->there || !(flags & SQLITE_OPEN_READWRITE))
		return SQLITE_CANTOPEN;
	if (out)
		*out = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int x_open(sqlite3_vfs *v, const char *name, sqlite3_file *p, int flags, int *out)
{
	struct handle *h = (struct handle *)p;
	struct file *f = find_or_make(name ? name : "temporary");
	int rc = SQLITE_OK;

	(void)v;
	*h = (struct handle){ .f = f, .temporary = name == NULL };
	if (out)
		*out = flags;
	if (dead || odds(faults.error_ppm))
		rc = refused_open(f, flags, out);
	else if (!f->there && !(flags & SQLITE_OPEN_CREATE))
		rc = SQLITE_CANTOPEN;
	if (rc != SQLITE_OK)
		return rc;
	if (!f->there) {
		f->there = f->fresh = true;
		empty(&f->now);
		ops_forget(f);
	}
	h->base.pMethods = &methods;
	return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
	struct file *f = find(name);

	(void)v;
	if (fails())
		return SQLITE_IOERR_DELETE;
	if (!f || !f->there)
		return SQLITE_IOERR_DELETE_NOENT;
	f->there = f->fresh = false;
	empty(&f->now);
	ops_forget(f);
	if (sync_folder || rng_below(&chance, 2) == 0)
		names_keep();
	return SQLITE_OK;
}

static int x_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	const struct file *f = find(name);

	(void)v, (void)flags;
	*out = f && f->there && !dead;
	return SQLITE_OK;
}

static int x_full_path(sqlite3_vfs *v, const char *name, int len, char *out)
{
	(void)v;
	sqlite3_snprintf(len, out, "%s", name);
	return SQLITE_OK;
}

static int x_random(sqlite3_vfs *v, int len, char *out)
{
	(void)v;
	rng_bytes(&chance, out, (size_t)len);
	return len;
}

static int x_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	clock_fix(clock_now().us + us);
	return us;
}

static int x_now(sqlite3_vfs *v, sqlite3_int64 *out)
{
	(void)v;
	*out = clock_now().us / 1000 + 210866760000000LL;
	return SQLITE_OK;
}

static int x_last_error(sqlite3_vfs *v, int len, char *out)
{
	(void)v, (void)len, (void)out;
	return 0;
}

void disk_register(void)
{
	static sqlite3_vfs vfs = { .iVersion = 2,
		.szOsFile = sizeof(struct handle),
		.mxPathname = NAME_MAX,
		.zName = "simulated",
		.xOpen = x_open,
		.xDelete = x_delete,
		.xAccess = x_access,
		.xFullPathname = x_full_path,
		.xRandomness = x_random,
		.xSleep = x_sleep,
		.xGetLastError = x_last_error,
		.xCurrentTimeInt64 = x_now };

	must(sqlite3_initialize() == SQLITE_OK && sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}

/* ---- the power ---- */

void disk_seed(uint64_t seed)
{
	chance = (struct rng){ .seed = seed };
}

void disk_faults(struct disk_faults f)
{
	faults = f;
}

bool disk_dead(void)
{
	return dead;
}

void disk_cut(void)
{
	dead = true;
	disk_count.cuts++;
}

static void decide(struct file *f, const struct op *o, uint64_t kept_of_100)
{
	if (rng_below(&chance, 100) >= kept_of_100) {
		disk_count.lost++;
		return;
	}
	if (o->truncate || o->len <= SECTOR || rng_below(&chance, 2) == 0) {
		put(&f->safe, o, 0, o->len);
		return;
	}
	disk_count.torn++;
	for (int at = 0; at < o->len; at += SECTOR)
		if (rng_below(&chance, 2) == 0)
			put(&f->safe, o, at, o->len - at < SECTOR ? o->len - at : SECTOR);
}

static void file_reboot(struct file *f)
{
	uint64_t kept_of_100 = rng_below(&chance, 101);

	if (f->fresh && f->kept && rng_below(&chance, 2) == 0)
		ops_forget(f);
	else if (f->fresh)
		empty(&f->safe);
	f->fresh = false;
	for (size_t i = 0; i < f->ops_len; i++)
		decide(f, &f->ops[i], kept_of_100);
	ops_forget(f);
	if (f->there != f->kept && rng_below(&chance, 2) == 0)
		f->kept = f->there;
	if (!f->kept)
		empty(&f->safe);
	f->there = f->kept;
	copy(&f->now, &f->safe);
	must(f->region_users == 0 && f->shared == 0);
	f->reserved = f->exclusive = false;
}

void disk_reboot(void)
{
	for (size_t i = 0; i < FILES; i++)
		file_reboot(&files[i]);
	dead = false;
	faults = (struct disk_faults){ .room = -1 };
}

/* ---- whole disks ---- */

void disk_wipe(void)
{
	for (size_t i = 0; i < FILES; i++) {
		struct file *f = &files[i];

		ops_forget(f);
		regions_free(f);
		free(f->ops);
		free(f->now.at);
		free(f->safe.at);
		*f = (struct file){ .name = "" };
	}
	dead = false;
	faults = (struct disk_faults){ .room = -1 };
}

struct disk_image *disk_save(void)
{
	struct disk_image *image = calloc(1, sizeof(*image));

	must(image);
	for (size_t i = 0; i < FILES; i++)
		if (files[i].there) {
			strcpy(image->file[i].name, files[i].name);
			copy(&image->file[i].content, &files[i].now);
		}
	return image;
}

void disk_image_free(struct disk_image *image)
{
	for (size_t i = 0; i < FILES; i++)
		free(image->file[i].content.at);
	free(image);
}

void disk_load(const struct disk_image *image)
{
	disk_wipe();
	for (size_t i = 0; i < FILES; i++) {
		struct file *f = &files[i];

		if (image->file[i].name[0] == '\0')
			continue;
		strcpy(f->name, image->file[i].name);
		f->there = f->kept = true;
		copy(&f->now, &image->file[i].content);
		copy(&f->safe, &image->file[i].content);
	}
}

uint64_t disk_hash(void)
{
	uint64_t h = 14695981039346656037ULL;

	for (size_t i = 0; i < FILES; i++)
		for (int64_t k = 0; files[i].there && k < files[i].now.len; k++)
			h = (h ^ files[i].now.at[k]) * 1099511628211ULL;
	return h;
}
