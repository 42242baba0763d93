/* rights_test: every route × everybody, and every order move × every state × everybody, against the tables, on the whole
 * server. What may be done, what is offered as an action and what is done are the same thing. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = -1, CLERK = 0, REVIEWER = 2, WAREHOUSE = 4, SERVICE = 5, ADMIN = 6 };
static const int everybody[] = { NOBODY, CLERK, REVIEWER, WAREHOUSE, SERVICE, ADMIN };

static struct world world;

static int begin(void **state)
{
	*state = world_found(&world);
	alarm(300);
	stderr = fopen("/dev/null", "w"); /* what is refused is logged there */
	return *state && stderr ? 0 : -1;
}

static int end(void **state)
{
	disk_wipe();
	disk_image_free(*state);
	return 0;
}

static int open_world(void **state)
{
	disk_load(*state);
	world_seed(&world, 1);
	if (!world_open(&world))
		return -1;
	world.app.http = world.http; /* the metrics count its streams */
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world.app.http = NULL;
	world_close(&world);
	return 0;
}

static const char *name_of(int who)
{
	return who == NOBODY ? "nobody" : role_names[world.roles[who]];
}

static void ask(struct ask *a)
{
	world_send(&world, a);
	world_step(&world);
	world_take(&world, a);
}

/* ---- routes ---- */

/* Parameters become something that is not there. */
static void target_of(const struct route *route, bool api, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "%s", api ? "/api/v1" : "");

	for (const char *s = route->path; *s; s += strcspn(s + 1, "/") + 1) {
		size_t len = strcspn(s + 1, "/") + 1;
		const char *value = strncmp(s, "/:id", len) == 0  ? "/999999"
				    : strncmp(s, "/:n", len) == 0 ? "/1"
								  : "/none";

		n += (size_t)snprintf(out + n, size - n, "%.*s", s[1] == ':' ? (int)strlen(value) : (int)len,
			s[1] == ':' ? value : s);
	}
}

static const char *const methods[] = { "GET", "POST", "PUT", "DELETE" };

static bool stranger_fits(const struct route *route, bool api, int status)
{
	if (api || route->method != GET)
		return status == 401;
	return status == 303; /* sent to the login */
}

static bool status_fits(const struct route *route, bool api, int who, int status)
{
	if (status >= 500 || status == 0)
		return false;
	if (route->flags & ROUTE_PUBLIC)
		return status != 401 && status != 403;
	if (who == NOBODY)
		return stranger_fits(route, api, status);
	if ((route->flags & ROUTE_SELF) || role_may(world.roles[who], (enum right)route->right))
		return status != 401 && status != 403;
	return status == 403;
}

/* An open stream is no answer. */
static bool left_out(const struct route *route, int who)
{
	return strcmp(route->path, "/events") == 0 && who != NOBODY;
}

static int route_tried(const struct route *route, bool api, int who)
{
	struct ask a = { .who = who, .body = "{}" };
	bool fits;

	if (left_out(route, who))
		return 0;
	strcpy(a.method, methods[route->method]);
	target_of(route, api, a.target, sizeof(a.target));
	if (route->method == GET)
		a.body[0] = '\0';
	ask(&a);
	fits = status_fits(route, api, who, a.status);
	if (!fits)
		print_message("%s %s by %s: %d %.200s\n", a.method, a.target, name_of(who), a.status, a.text);
	free(a.text);
	return !fits;
}

static void every_route_by_everybody(void **state)
{
	int bad = 0, tried = 0;

	(void)state;
	for (size_t m = 0; modules[m]; m++)
		for (const struct route *r = modules[m]->routes; r && r->path; r++)
			for (size_t i = 0; i < ARRAY_LEN(everybody); i++) {
				if (!(r->flags & ROUTE_PAGE_ONLY))
					bad += route_tried(r, true, everybody[i]), tried++;
				if (!(r->flags & ROUTE_API_ONLY))
					bad += route_tried(r, false, everybody[i]), tried++;
			}
	print_message("%d requests\n", tried);
	assert_int_equal(bad, 0);
	assert_true(tried > 900);
}

static void a_wrong_key_is_nobody(void **state)
{
	struct ask a = { .who = CLERK, .method = "GET", .target = "/api/v1/orders" };

	(void)state;
	world.keys[CLERK][5] ^= 1;
	ask(&a);
	world.keys[CLERK][5] ^= 1;
	assert_int_equal(a.status, 401);
	free(a.text);
}

/* ---- moves ---- */

enum { DRAFT, AWAITING, IN_REVIEW, IN_REVIEW_HELD, REJECTED, APPROVED, APPROVED_HELD, CANCELLED, STATES };
static const char *const state_words[STATES] = { "draft", "awaiting_confirmation", "in_review", "in_review, held",
	"rejected", "approved", "approved, held", "cancelled" };
#define IN(s) (1U << (s))

/* The trade's own table (domain 4.2), written down a second time: who, out of which states. */
static const struct {
	const char *move, *who;
	unsigned from;
	const char *body; /* after the version */
} table[] = {
	{ "submit", "c", IN(DRAFT), "" },
	{ "edit", "c", IN(AWAITING), "" },
	{ "confirm", "c", IN(AWAITING), "\"method\":\"phone\",\"person\":\"吴\",\"snapshot\":\"%s\"" },
	{ "withdraw", "c", IN(IN_REVIEW) | IN(IN_REVIEW_HELD), "\"reason\":\"x\"" },
	{ "approve", "r", IN(IN_REVIEW), "\"overrides\":[]" },
	{ "reject", "r", IN(IN_REVIEW) | IN(IN_REVIEW_HELD), "\"reason\":\"x\"" },
	{ "counter", "r", IN(IN_REVIEW) | IN(IN_REVIEW_HELD),
		"\"reason\":\"x\",\"lines\":[{\"line\":1,\"quantity\":\"1\"}]" },
	{ "rework", "c", IN(REJECTED), "" },
	{ "unapprove", "r", IN(APPROVED) | IN(APPROVED_HELD), "\"reason\":\"x\"" },
	{ "amend", "c", IN(APPROVED) | IN(APPROVED_HELD), "\"lines\":[{\"sku\":\"S0\",\"quantity\":\"1\"}]" },
	{ "short-close", "cr", IN(APPROVED) | IN(APPROVED_HELD), "\"reason\":\"x\"" },
	{ "cancel", "cr", IN(DRAFT) | IN(AWAITING) | IN(IN_REVIEW) | IN(IN_REVIEW_HELD) | IN(REJECTED),
		"\"reason\":\"x\"" },
	{ "cancel", "r", IN(APPROVED) | IN(APPROVED_HELD), "\"reason\":\"x\"" },
	{ "hold", "r", IN(IN_REVIEW) | IN(APPROVED), "\"reason\":\"x\"" },
	{ "unhold", "r", IN(IN_REVIEW_HELD) | IN(APPROVED_HELD), "\"reason\":\"x\"" },
	{ "confirm-stock", "w", IN(APPROVED), "" },
};

struct made {
	int64_t id, version, review;
	char snapshot[80];
};

static json_t *post(int who, int *status, const char *target, const char *body, ...) PRINTF_LIKE(4, 5);
static json_t *post(int who, int *status, const char *target, const char *body, ...)
{
	struct ask a = { .who = who, .method = "POST" };
	json_t *answer;
	va_list args;

	snprintf(a.target, sizeof(a.target), "/api/v1/%s", target);
	va_start(args, body);
	vsnprintf(a.body, sizeof(a.body), body, args);
	va_end(args);
	ask(&a);
	*status = a.status;
	answer = json_loads(a.text, 0, NULL);
	free(a.text);
	return answer;
}

/* One step on the way; remembers what the answer says. */
static void step(struct made *o, int who, const char *kind, int64_t id, const char *move, const char *body)
{
	char target[100];
	int status;
	json_t *answer, *order;

	snprintf(target, sizeof(target), "%s/%lld/%s", kind, (long long)id, move);
	answer = post(who, &status, target, "%s", body);
	assert_in_range(status, 200, 201);
	json_decref(answer);
	order = world_get(&world, CLERK, "/api/v1/orders/%lld", (long long)o->id);
	o->version = json_integer_value(json_object_get(order, "version"));
	if (json_is_integer(json_object_get(order, "review")))
		o->review = json_integer_value(json_object_get(order, "review"));
	snprintf(o->snapshot, sizeof(o->snapshot), "%s", json_string_value(json_object_get(order, "snapshot")) ?: "");
	json_decref(order);
}

static int64_t review_version(const struct made *o)
{
	json_t *rv = world_get(&world, REVIEWER, "/api/v1/reviews/%lld", (long long)o->review);
	int64_t v = json_integer_value(json_object_get(rv, "version"));

	json_decref(rv);
	return v;
}

static const char *versioned(int64_t version)
{
	static char body[100];

	snprintf(body, sizeof(body), "{\"version\":%lld,\"reason\":\"x\"}", (long long)version);
	return body;
}

static void to_review(struct made *o)
{
	char body[200];

	step(o, CLERK, "orders", o->id, "submit", "{}");
	snprintf(body, sizeof(body), "{\"method\":\"phone\",\"person\":\"吴\",\"snapshot\":\"%s\"}", o->snapshot);
	step(o, CLERK, "orders", o->id, "confirm", body);
}

static void approve(struct made *o)
{
	char body[300];

	snprintf(body, sizeof(body), "{\"version\":%lld,\"overrides\":[]}", (long long)review_version(o));
	step(o, REVIEWER, "reviews", o->review, "approve", body);
}

/* A quantity of its own each: the review looks for duplicates. */
static struct made made_in(int state)
{
	static int n;
	struct made o = { 0 };
	int status;
	json_t *answer = post(CLERK, &status, "orders",
		"{\"channel\":\"phone\",\"customer\":\"C0\",\"delivery_date\":\"2026-12-03\","
		"\"lines\":[{\"sku\":\"S%d\",\"quantity\":\"0.%03d\"}]}",
		n % 6, n / 6 + 1);

	n++;
	assert_int_equal(status, 201);
	o.id = json_integer_value(json_object_get(answer, "id"));
	o.version = 1;
	json_decref(answer);
	if (state == AWAITING)
		step(&o, CLERK, "orders", o.id, "submit", "{}");
	if (state >= IN_REVIEW && state <= APPROVED_HELD)
		to_review(&o);
	if (state == REJECTED)
		step(&o, REVIEWER, "reviews", o.review, "reject", versioned(review_version(&o)));
	if (state == APPROVED || state == APPROVED_HELD)
		approve(&o);
	if (state == IN_REVIEW_HELD || state == APPROVED_HELD)
		step(&o, REVIEWER, "orders", o.id, "hold", versioned(o.version));
	if (state == CANCELLED)
		step(&o, CLERK, "orders", o.id, "cancel", versioned(o.version));
	return o;
}

static bool of_review(const char *move)
{
	return strcmp(move, "approve") == 0 || strcmp(move, "reject") == 0 || strcmp(move, "counter") == 0;
}

static bool may_row(size_t row, int who)
{
	return who != NOBODY && strchr(table[row].who, role_names[world.roles[who]][0]) != NULL;
}

/* 403 wins over 409: who may not, need not know how things are. */
static int expected(size_t row, int state, int who)
{
	bool some_row = false;

	if (who == NOBODY)
		return 401;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (strcmp(table[i].move, table[row].move) != 0)
			continue;
		some_row |= may_row(i, who);
		if (table[i].from & IN(state))
			return may_row(i, who) ? 200 : 403;
	}
	return some_row ? 409 : 403;
}

static int try_move(const struct made *o, size_t row, int who)
{
	bool review = of_review(table[row].move);
	char target[100], more[400];
	const char *comma = table[row].body[0] ? "," : "";
	int64_t version = review ? review_version(o) : o->version;
	int status;

	snprintf(target, sizeof(target), "%s/%lld/%s", review ? "reviews" : "orders",
		(long long)(review ? o->review : o->id), table[row].move);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(more, sizeof(more), table[row].body, o->snapshot[0] ? o->snapshot : "x");
#pragma GCC diagnostic pop
	if (strcmp(table[row].move, "confirm-stock") == 0 || strcmp(table[row].move, "submit") == 0)
		json_decref(post(who, &status, target, "{}"));
	else
		json_decref(post(who, &status, target, "{\"version\":%lld%s%s}", (long long)version, comma, more));
	return status;
}

static void every_move_in_every_state(void **state)
{
	int bad = 0, tried = 0;

	(void)state;
	for (int s = 0; s < STATES; s++)
		for (size_t row = 0; row < ARRAY_LEN(table); row++)
			for (size_t i = 0; i < ARRAY_LEN(everybody); i++) {
				struct made o;
				int status, want = expected(row, s, everybody[i]);

				if (of_review(table[row].move) && (s == DRAFT || s == AWAITING || s == CANCELLED))
					continue; /* it has no review yet */
				o = made_in(s);
				status = try_move(&o, row, everybody[i]);
				tried++;
				if (status == want)
					continue;
				bad++;
				print_message("%s of an order %s by %s: %d, not %d\n", table[row].move, state_words[s],
					name_of(everybody[i]), status, want);
			}
	print_message("%d moves\n", tried);
	assert_int_equal(bad, 0);
}

static bool listed(const json_t *order, const char *move)
{
	json_t *one;
	size_t i;

	json_array_foreach(
		json_object_get(order, "actions"), i, one) if (strcmp(json_string_value(one), move) == 0) return true;
	return false;
}

static void actions_are_what_may_be_done(void **state)
{
	int bad = 0;

	(void)state;
	for (int s = 0; s < STATES; s++) {
		struct made o = made_in(s);

		for (size_t i = 1; i < ARRAY_LEN(everybody); i++) {
			json_t *order = world_get(&world, everybody[i], "/api/v1/orders/%lld", (long long)o.id);

			for (size_t row = 0; row < ARRAY_LEN(table); row++) {
				bool may = expected(row, s, everybody[i]) == 200;

				if (strcmp(table[row].move, "confirm-stock") == 0 ||
					listed(order, table[row].move) == may)
					continue;
				bad++;
				print_message("%s of an order %s is %soffered to %s\n", table[row].move, state_words[s],
					may ? "not " : "", name_of(everybody[i]));
			}
			json_decref(order);
		}
	}
	assert_int_equal(bad, 0);
}

static void all_of_it_verifies(void **state)
{
	const char *what;
	bool fine = world_verify(&world, &what);

	(void)state;
	if (!fine)
		print_message("%s\n", what);
	assert_true(fine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_route_by_everybody, open_world, close_world),
		cmocka_unit_test_setup_teardown(a_wrong_key_is_nobody, open_world, close_world),
		cmocka_unit_test_setup(every_move_in_every_state, open_world),
		cmocka_unit_test(actions_are_what_may_be_done),
		cmocka_unit_test_teardown(all_of_it_verifies, close_world),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
