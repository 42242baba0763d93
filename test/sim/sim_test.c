/* sim_test: many lives of the company under one seed each. A life ends with a power cut, at any write; the next one starts
 * from what the disk kept, and then everything that was acknowledged must be there, once, and every invariant hold.
 *   sim_test [--seconds N] [--seed S [--lives N] [--trace]]     without a seed: one seed after the other, from 1 */
#include "walk.h"

#include "base/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIVES 14

static struct world world;
static struct walk walk;
static uint64_t seed_now;

static void repeat_by(void)
{
	printf("  repeat: %s --seed %llu --trace\n", "build/test/sim_test", (unsigned long long)seed_now);
	fflush(stdout);
}

static void broken_promise(int signal)
{
	(void)signal;
	printf("[  FAILED  ] seed %llu: the program broke a promise of its own\n", (unsigned long long)seed_now);
	repeat_by();
	_exit(1);
}

static bool bad(int life, const char *what)
{
	printf("[  FAILED  ] seed %llu, life %d: %s\n", (unsigned long long)seed_now, life, what);
	repeat_by();
	return false;
}

/* ---- a life ---- */

/* What this life has to bear: mostly a cut at some write; errors, a full disk, or nothing but a clean end. */
static struct disk_faults faults_of(int life)
{
	struct disk_faults f = { .room = -1 };

	f.cut_at = 1 + (int64_t)below(&world, UINT64_C(1) << (5 + below(&world, 9)));
	if (life % 4 == 3) {
		f.cut_at += 500;
		f.error_ppm = UINT64_C(300) << below(&world, 6);
	}
	if (life % 5 == 4)
		f.room = (int64_t)below(&world, 400000);
	return f;
}

/* The start itself may be cut, again and again. */
static bool rise(int life)
{
	for (int tries = 0;; tries++) {
		if (tries < 3 && life > 0 && chance_of(&world, 20))
			disk_faults((struct disk_faults){ .cut_at = 1 + (int64_t)below(&world, 60), .room = -1 });
		if (world_open(&world) && !disk_dead()) {
			disk_faults((struct disk_faults){ .room = -1 });
			return true;
		}
		if (!disk_dead())
			return bad(life, "it does not start again");
		world_close(&world);
		disk_reboot();
	}
}

static bool look(int life)
{
	const char *what;

	walk.faulty = false;
	walk_repeat(&walk);
	if (!walk.wrong)
		walk_count(&walk);
	if (walk.wrong)
		return bad(life, walk.wrong);
	return world_verify(&world, &what) || bad(life, what);
}

static bool live(int life)
{
	int steps = 20 + (int)below(&world, 60);
	struct disk_faults f = faults_of(life);
	bool full = f.room >= 0;

	walk.faulty = f.error_ppm > 0 || full;
	disk_faults(f);
	for (int i = 0; i < steps && !disk_dead() && !walk.wrong; i++) {
		if (full && i == steps / 2) { /* somebody made room */
			f.room = -1;
			disk_faults(f);
		}
		walk_step(&walk);
	}
	if (walk.wrong)
		return bad(life, walk.wrong);
	disk_faults((struct disk_faults){ .room = -1 });
	if (!disk_dead() && chance_of(&world, 60))
		disk_cut();
	world_close(&world);
	disk_reboot();
	return true;
}

static void start_seed(uint64_t seed, const struct disk_image *image)
{
	seed_now = seed;
	disk_load(image);
	world_seed(&world, seed);
	walk_forget(&walk);
}

static bool run_seed(uint64_t seed, int lives, const struct disk_image *image, uint64_t *hash)
{
	start_seed(seed, image);
	for (int life = 0; life < lives; life++) {
		if (walk.trace)
			printf("---- life %d\n", life);
		if (!rise(life) || !look(life) || !live(life))
			return false;
	}
	if (!rise(lives) || !look(lives))
		return false;
	world_close(&world);
	*hash = disk_hash();
	return true;
}

/* ---- many seeds ---- */

static void table(void)
{
	printf("%-16s %8s %8s %8s\n", "tried", "done", "refused", "503");
	for (size_t i = 0; walk.tried[i].move; i++)
		printf("%-16s %8lld %8lld %8lld\n", walk.tried[i].move, (long long)walk.tried[i].good,
			(long long)walk.tried[i].refused, (long long)walk.tried[i].later);
	printf("orders seen:");
	for (size_t i = 0; walk_states[i]; i++)
		printf(" %s %lld", walk_states[i], (long long)walk.states[i]);
	printf("\ndisk: %lld writes, %lld syncs, %lld cuts, %lld writes lost, %lld torn, %lld errors\n",
		(long long)disk_count.writes, (long long)disk_count.syncs, (long long)disk_count.cuts,
		(long long)disk_count.lost, (long long)disk_count.torn, (long long)disk_count.errors);
}

static bool same_twice(const struct disk_image *image)
{
	uint64_t a = 0, b = 0;

	if (!run_seed(1, 3, image, &a) || !run_seed(1, 3, image, &b))
		return false;
	if (a != b) {
		printf("[  FAILED  ] the same seed ends on another disk\n");
		return false;
	}
	printf("[       OK ] the same seed ends on the same disk\n");
	return true;
}

/* Nobody may lose an order; somebody must have brought one to its end. */
static bool walked_far(void)
{
	bool far = walk.states[9] > 0 && walk.states[11] > 0;

	printf("%s orders came to their end\n", far ? "[       OK ]" : "[  FAILED  ]");
	return far;
}

static bool run_all(uint64_t from, int64_t seconds, const struct disk_image *image)
{
	int64_t begun = clock_monotonic_us();
	uint64_t hash, n = 0;

	if (!same_twice(image))
		return false;
	for (; n < 3 || clock_monotonic_us() - begun < seconds * SECOND_US; n++) {
		if (!run_seed(from + n, LIVES, image, &hash))
			return false;
		if (n < 3)
			printf("[       OK ] seed %llu\n", (unsigned long long)(from + n));
		fflush(stdout);
	}
	printf("[       OK ] %llu seeds from %llu, %d lives each, nothing lost\n", (unsigned long long)n,
		(unsigned long long)from, LIVES);
	return walked_far();
}

int main(int argc, char **argv)
{
	int64_t seconds = 15;
	uint64_t seed = 0, from = 1, hash;
	int lives = LIVES;
	struct disk_image *image;
	bool good;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		walk.trace |= strcmp(argv[i], "--trace") == 0;
		if (strcmp(argv[i], "--seconds") == 0)
			seconds = atoll(value);
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(value, NULL, 10);
		if (strcmp(argv[i], "--from") == 0)
			from = strtoull(value, NULL, 10);
		if (strcmp(argv[i], "--lives") == 0)
			lives = atoi(value);
	}
	if (!walk.trace)
		stderr = fopen("/dev/null", "w"); /* each fault is logged there; the sanitizers have their own way */
	signal(SIGABRT, broken_promise);
	walk.w = &world;
	walk.memory = calloc(MEMORY, sizeof(*walk.memory));
	image = world_found(&world);
	good = seed ? run_seed(seed, lives, image, &hash) : run_all(from, seconds, image);
	if (good && seed)
		printf("[       OK ] seed %llu, disk %016llx\n", (unsigned long long)seed, (unsigned long long)hash);
	table();
	walk_forget(&walk);
	free(walk.memory);
	disk_wipe();
	disk_image_free(image);
	return good ? 0 : 1;
}
