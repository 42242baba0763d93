/* walk: what people try, chosen by chance from what they see. */
#include "walk.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TOGETHER 6

const char *const walk_states[] = { "draft", "awaiting_confirmation", "in_review", "rejected", "approved", "picking",
	"partly_shipped", "shipped", "partly_delivered", "delivered", "completed", "cancelled", "archived", NULL };

enum { CLERK, CLERK2, REVIEWER, REVIEWER2, WAREHOUSE, SERVICE, ADMIN };

/* ---- small things ---- */

static int64_t int_of(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

static const char *str_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static void say(struct ask *a, const char *format, ...) PRINTF_LIKE(2, 3);
static void say(struct ask *a, const char *format, ...)
{
	size_t len = strlen(a->body);
	va_list args;

	va_start(args, format);
	vsnprintf(a->body + len, sizeof(a->body) - len, format, args);
	va_end(args);
}

static bool post(struct ask *a, const char *move, int who, const char *format, ...) PRINTF_LIKE(4, 5);
static bool post(struct ask *a, const char *move, int who, const char *format, ...)
{
	va_list args;

	a->move = move;
	a->who = who;
	strcpy(a->method, "POST");
	va_start(args, format);
	vsnprintf(a->target, sizeof(a->target), format, args);
	va_end(args);
	return true;
}

static int clerk(struct walk *k)
{
	return chance_of(k->w, 50) ? CLERK : CLERK2;
}

static int reviewer(struct walk *k)
{
	return chance_of(k->w, 50) ? REVIEWER : REVIEWER2;
}

static const char *day(struct walk *k, int64_t from_today)
{
	static char text[16];
	struct date d = { (int)((clock_now().us / SECOND_US + 8 * 3600) / 86400 + from_today) };
	struct arena *a = arena_new();

	(void)k;
	snprintf(text, sizeof(text), "%s", date_str(a, d));
	arena_free(a);
	return text;
}

static void note_state(struct walk *k, const json_t *order)
{
	for (size_t i = 0; walk_states[i]; i++)
		if (strcmp(walk_states[i], str_of(order, "state")) == 0)
			k->states[i]++;
}

/* One of a list, by chance; a new reference, NULL if there is none. */
static json_t *one_of(struct walk *k, int who, const char *target)
{
	json_t *list = world_get(k->w, who, "/api/v1/%s", target), *items = json_object_get(list, "items"), *one = NULL;

	if (json_array_size(items) > 0)
		one = json_incref(json_array_get(items, below(k->w, json_array_size(items))));
	json_decref(list);
	return one;
}

static json_t *whole(struct walk *k, int who, const char *kind, json_t *item)
{
	json_t *full = item ? world_get(k->w, who, "/api/v1/%s/%" PRId64, kind, int_of(item, "id")) : NULL;

	json_decref(item);
	return full;
}

static json_t *some_order(struct walk *k, const char *state)
{
	char target[80];
	json_t *o;

	snprintf(target, sizeof(target), "orders?limit=20%s%s", *state ? "&state=" : "", state);
	o = whole(k, CLERK, "orders", one_of(k, CLERK, target));
	if (o)
		note_state(k, o);
	return o;
}

/* The version as it was read, sometimes another or none. */
static void say_version(struct walk *k, struct ask *a, const json_t *o)
{
	if (chance_of(k->w, 95))
		say(a, "\"version\":%" PRId64 ",", int_of(o, "version") + (chance_of(k->w, 4) ? 1 : 0));
}

/* ---- what a clerk does ---- */

static void say_lines(struct walk *k, struct ask *a)
{
	static const char *const quantities[] = { "1", "2", "3.5", "10", "0.25", "25" };
	static const char *const bad[] = { "0", "-1", "1.2345", "x", "99999999999" };
	uint64_t n = 1 + below(k->w, 3);

	say(a, "\"lines\":[");
	for (uint64_t i = 0; i < n; i++) {
		const char *quantity = chance_of(k->w, 97) ? quantities[below(k->w, 6)] : bad[below(k->w, 5)];

		say(a, "%s{\"sku\":\"S%" PRIu64 "\",\"quantity\":\"%s\"", i ? "," : "",
			below(k->w, chance_of(k->w, 97) ? 6 : 9), quantity);
		if (chance_of(k->w, 25))
			say(a, ",\"unit\":\"箱\"");
		if (chance_of(k->w, 6))
			say(a, ",\"price\":\"%" PRIu64 ".20\"", below(k->w, 9));
		say(a, "}");
	}
	say(a, "]");
}

static bool create(struct walk *k, struct ask *a)
{
	static const char *const channels[] = { "phone", "email", "online", "chat" };

	say(a, "{\"channel\":\"%s\",", channels[below(k->w, 4)]);
	if (chance_of(k->w, 60))
		say(a, "\"external_id\":\"E%" PRIu64 "\",",
			chance_of(k->w, 90) ? ++k->creates : below(k->w, k->creates + 1));
	say(a, "\"customer\":\"C%" PRIu64 "\",\"delivery_date\":\"%s\",", below(k->w, chance_of(k->w, 98) ? 3 : 5),
		day(k, (int64_t)below(k->w, 4) - (chance_of(k->w, 3) ? 3 : 0)));
	say_lines(k, a);
	say(a, "}");
	return post(a, "create", clerk(k), "/api/v1/orders");
}

static bool submit(struct walk *k, struct ask *a)
{
	json_t *o = some_order(k, "draft");

	if (!o)
		return false;
	if (chance_of(k->w, 10)) {
		say(a, "{");
		say_version(k, a, o);
		say_lines(k, a);
		say(a, "}");
		post(a, "change", clerk(k), "/api/v1/orders/%" PRId64, int_of(o, "id"));
	} else {
		post(a, "submit", clerk(k), "/api/v1/orders/%" PRId64 "/submit", int_of(o, "id"));
	}
	json_decref(o);
	return true;
}

static bool confirm(struct walk *k, struct ask *a)
{
	json_t *o = some_order(k, "awaiting_confirmation");

	if (!o)
		return false;
	say(a, "{\"method\":\"phone\",\"person\":\"吴秀兰\",\"snapshot\":\"%s\"}",
		chance_of(k->w, 95) ? str_of(o, "snapshot") : "other");
	post(a, "confirm", clerk(k), "/api/v1/orders/%" PRId64 "/confirm", int_of(o, "id"));
	json_decref(o);
	return true;
}

static bool settle(struct walk *k, struct ask *a)
{
	static const char *const decisions[] = { "cut", "wait", "split" };
	json_t *o = some_order(k, "approved");

	if (!o)
		return false;
	say(a, "{\"decision\":\"%s\"}", decisions[below(k->w, 3)]);
	post(a, "settle", clerk(k), "/api/v1/orders/%" PRId64 "/shortage", int_of(o, "id"));
	json_decref(o);
	return true;
}

/* Whatever the table knows, to whatever order, by whomever. */
static bool trouble(struct walk *k, struct ask *a)
{
	static const char *const moves[] = { "edit", "withdraw", "rework", "unapprove", "amend", "cancel", "hold",
		"unhold", "short-close", "submit", "confirm-stock", "wave" };
	static const int whose[] = { CLERK, CLERK, CLERK, REVIEWER, CLERK, REVIEWER, REVIEWER, REVIEWER, CLERK2, CLERK,
		WAREHOUSE, WAREHOUSE };
	static const char *const states[] = { "", "approved", "in_review", "picking", "partly_shipped", "rejected" };
	uint64_t n = below(k->w, ARRAY_LEN(moves));
	json_t *o = some_order(k, states[below(k->w, ARRAY_LEN(states))]);

	if (!o)
		return false;
	say(a, "{");
	say_version(k, a, o);
	if (strcmp(moves[n], "amend") == 0) {
		say_lines(k, a);
		say(a, "}");
	} else if (n == 0 || n == 2 || n >= 9) {
		strcpy(a->body, "{}");
	} else {
		say(a, "\"reason\":\"测试\"}");
	}
	post(a, moves[n], chance_of(k->w, 90) ? whose[n] : (int)below(k->w, PEOPLE), "/api/v1/orders/%" PRId64 "/%s",
		int_of(o, "id"), moves[n]);
	json_decref(o);
	return true;
}

/* ---- what a reviewer does ---- */

static void say_overrides(struct walk *k, struct ask *a, const json_t *review)
{
	json_t *check;
	size_t i, n = 0;

	say(a, "\"overrides\":[");
	json_array_foreach(json_object_get(review, "checks"), i,
		check) if (strcmp(str_of(check, "result"), "pass") != 0 && chance_of(k->w, 95))
		say(a, "%s{\"check\":\"%s\",\"reason\":\"可以\"}", n++ ? "," : "", str_of(check, "check"));
	say(a, "]");
}

static bool review(struct walk *k, struct ask *a)
{
	int who = chance_of(k->w, 95) ? reviewer(k) : (int)below(k->w, PEOPLE);
	json_t *rv = whole(k, REVIEWER, "reviews", one_of(k, REVIEWER, "reviews?state=open"));
	const char *move = chance_of(k->w, 80)   ? "approve"
			   : chance_of(k->w, 40) ? "reject"
			   : chance_of(k->w, 60) ? "counter"
						 : "claim";

	if (!rv)
		return false;
	say(a, "{");
	say_version(k, a, rv);
	if (strcmp(move, "approve") == 0)
		say_overrides(k, a, rv);
	else if (strcmp(move, "counter") == 0)
		say(a, "\"reason\":\"还价\",\"lines\":[{\"line\":1,\"quantity\":\"%" PRIu64 "\"}]", 1 + below(k->w, 9));
	else
		say(a, "\"reason\":\"不行\"");
	say(a, "}");
	if (strcmp(move, "claim") == 0)
		strcpy(a->body, "{}");
	post(a, move, who, "/api/v1/reviews/%" PRId64 "/%s", int_of(rv, "id"), move);
	json_decref(rv);
	return true;
}

/* ---- what the warehouse does ---- */

static bool confirm_stock(struct walk *k, struct ask *a)
{
	json_t *o = some_order(k, "approved");

	if (!o)
		return false;
	if (chance_of(k->w, 85))
		say(a, "{}");
	else
		say(a, "{\"short\":[{\"line\":1,\"quantity\":\"%s\",\"reason\":\"坏了\"}]}",
			chance_of(k->w, 80) ? "0.5" : "9");
	post(a, "confirm-stock", WAREHOUSE, "/api/v1/orders/%" PRId64 "/confirm-stock", int_of(o, "id"));
	json_decref(o);
	return true;
}

static bool wave(struct walk *k, struct ask *a)
{
	uint64_t n = 1 + below(k->w, 3);

	say(a, "{\"orders\":[");
	for (uint64_t i = 0; i < n; i++) {
		json_t *o = some_order(k, chance_of(k->w, 80) ? "approved" : "partly_shipped");

		if (!o && i == 0)
			return false;
		if (o)
			say(a, "%s%" PRId64, i ? "," : "", int_of(o, "id"));
		json_decref(o);
	}
	say(a, "]}");
	return post(a, "wave", WAREHOUSE, "/api/v1/waves");
}

static bool pick(struct walk *k, struct ask *a)
{
	json_t *p = whole(k, WAREHOUSE, "picks", one_of(k, WAREHOUSE, "picks?state=open")), *line, *next = NULL;
	int64_t id = int_of(p, "id");
	size_t i;

	if (!p)
		return false;
	json_array_foreach(json_object_get(p, "lines"), i, line) if (!json_is_string(json_object_get(line, "picked")) &&
								     (!next || chance_of(k->w, 50))) next = line;
	if (chance_of(k->w, 3)) {
		say(a, "{\"reason\":\"不拣了\"}");
		post(a, "pick-cancel", WAREHOUSE, "/api/v1/picks/%" PRId64 "/cancel", id);
	} else if (!next || chance_of(k->w, 2)) {
		post(a, "pick-done", WAREHOUSE, "/api/v1/picks/%" PRId64 "/done", id);
	} else if (chance_of(k->w, 85)) {
		say(a, "{\"quantity\":\"%s\",\"scan\":\"%s\"}", str_of(next, "quantity"),
			chance_of(k->w, 95) ? str_of(next, "sku") : "000");
		post(a, "pick-line", WAREHOUSE, "/api/v1/picks/%" PRId64 "/lines/%" PRId64, id, int_of(next, "line"));
	} else {
		say(a, "{\"quantity\":\"%s\",\"reason\":\"少\"}", chance_of(k->w, 50) ? "0" : "0.5");
		post(a, "pick-short", WAREHOUSE, "/api/v1/picks/%" PRId64 "/lines/%" PRId64, id, int_of(next, "line"));
	}
	json_decref(p);
	return true;
}

static double number(const json_t *o, const char *name)
{
	return strtod(str_of(o, name), NULL);
}

static bool pack(struct walk *k, struct ask *a)
{
	json_t *s = whole(k, WAREHOUSE, "shipments", one_of(k, WAREHOUSE, "shipments?state=packing")), *line;
	int64_t id = int_of(s, "id");
	size_t i, n = 0;

	if (!s)
		return false;
	say(a, "{\"lines\":[");
	json_array_foreach(json_object_get(s, "lines"), i, line)
	{
		double left = number(line, "quantity") - number(line, "packed");

		if (left > 0 && (n == 0 || chance_of(k->w, 70)))
			say(a, "%s{\"line\":%" PRId64 ",\"quantity\":\"%.3f\"}", n++ ? "," : "", int_of(line, "line"),
				chance_of(k->w, 90) ? left : left / 2);
	}
	say(a, "]}");
	post(a, "pack", WAREHOUSE, "/api/v1/shipments/%" PRId64 "/packages", id);
	if (n == 0 || chance_of(k->w, 4)) {
		strcpy(a->body, "{");
		say_version(k, a, s);
		say(a, "\"carrier\":\"truck1\",\"driver\":\"李师傅\"}");
		post(a, "dispatch", WAREHOUSE, "/api/v1/shipments/%" PRId64 "/dispatch", id);
	} else if (chance_of(k->w, 5) && json_array_size(json_object_get(s, "packages")) > 0) {
		strcpy(a->body, "{}");
		post(a, "unpack", WAREHOUSE, "/api/v1/shipments/%" PRId64 "/packages/%" PRId64 "/undo", id,
			int_of(json_array_get(json_object_get(s, "packages"), 0), "package"));
	}
	json_decref(s);
	return true;
}

static void say_receipt(struct walk *k, struct ask *a, const json_t *s)
{
	json_t *line;
	size_t i;

	say(a, "\"signer\":\"吴秀兰\",\"lines\":[");
	json_array_foreach(json_object_get(s, "lines"), i, line)
	{
		double all = number(line, "quantity"), refused = chance_of(k->w, 20) ? all / 4 : 0;

		say(a, "%s{\"line\":%" PRId64 ",\"received\":\"%.3f\",\"refused\":\"%.3f\"}", i ? "," : "",
			int_of(line, "line"), all - refused - (chance_of(k->w, 3) ? 0.25 : 0), refused);
	}
	say(a, "]}");
}

static bool deliver(struct walk *k, struct ask *a)
{
	static const char *const states[] = { "picked_up", "in_transit", "out_for_delivery", "delivered", "exception",
		"refused", "returning", "returned" };
	json_t *s = whole(k, WAREHOUSE, "shipments", one_of(k, WAREHOUSE, "shipments?state=dispatched"));
	int64_t id = int_of(s, "id");

	if (!s)
		return false;
	say(a, "{");
	say_version(k, a, s);
	if (chance_of(k->w, 40)) {
		say_receipt(k, a, s);
		post(a, "receipt", chance_of(k->w, 50) ? SERVICE : CLERK, "/api/v1/shipments/%" PRId64 "/receipt", id);
	} else if (chance_of(k->w, 15)) {
		say(a, "\"reason\":\"装错车\"}");
		post(a, "undo", WAREHOUSE, "/api/v1/shipments/%" PRId64 "/undo", id);
	} else {
		snprintf(a->body, sizeof(a->body), "{\"state\":\"%s\",\"place\":\"汉口\"}",
			states[below(k->w, chance_of(k->w, 90) ? 4 : 8)]);
		post(a, "tracking", chance_of(k->w, 90) ? CLERK : REVIEWER, "/api/v1/shipments/%" PRId64 "/tracking",
			id);
	}
	json_decref(s);
	return true;
}

static bool stock(struct walk *k, struct ask *a)
{
	uint64_t lot = below(k->w, 2);

	say(a, "{\"sku\":\"S%" PRIu64 "\",\"location\":\"A-0%" PRIu64 "\",\"lot\":\"L%" PRIu64 "\",", below(k->w, 6),
		lot + 1, lot);
	if (chance_of(k->w, 80))
		say(a, "\"quantity\":\"%" PRIu64 "\",\"reason\":\"receipt\"}", 5 + below(k->w, 60));
	else
		say(a, "\"quantity\":\"-%" PRIu64 "\",\"reason\":\"count\",\"note\":\"盘点\"}", 1 + below(k->w, 20));
	return post(a, "stock", WAREHOUSE, "/api/v1/stock/movements");
}

static bool masters(struct walk *k, struct ask *a)
{
	json_t *c = one_of(k, ADMIN, "customers");

	if (!c || chance_of(k->w, 50)) {
		say(a, "{\"price\":\"%" PRIu64 ".60\"}", 2 + below(k->w, 9));
		post(a, "product", ADMIN, "/api/v1/products/S%" PRIu64, below(k->w, 6));
	} else {
		say(a, "{\"credit_limit\":\"%" PRIu64 "\",\"credit_days\":30}", 300 + below(k->w, 90000));
		post(a, "credit", REVIEWER, "/api/v1/customers/%" PRId64 "/credit", int_of(c, "id"));
	}
	json_decref(c);
	return true;
}

/* ---- a step ---- */

static bool choose(struct walk *k, struct ask *a)
{
	static const struct {
		bool (*want)(struct walk *k, struct ask *a);
		int weight;
	} wants[] = { { create, 14 }, { submit, 12 }, { confirm, 12 }, { review, 14 }, { confirm_stock, 8 },
		{ wave, 7 }, { pick, 22 }, { pack, 14 }, { deliver, 10 }, { stock, 4 }, { settle, 3 }, { trouble, 8 },
		{ masters, 1 } };
	uint64_t all = 0, n;

	for (size_t i = 0; i < ARRAY_LEN(wants); i++)
		all += (uint64_t)wants[i].weight;
	n = below(k->w, all);
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		if (n < (uint64_t)wants[i].weight)
			return wants[i].want(k, a);
		n -= (uint64_t)wants[i].weight;
	}
	return false;
}

static void count_tried(struct walk *k, const struct ask *a)
{
	size_t i = 0;

	while (k->tried[i].move && strcmp(k->tried[i].move, a->move) != 0)
		i++;
	must(i < MOVES);
	k->tried[i].move = a->move;
	if (a->status >= 500)
		k->tried[i].later++;
	else if (a->status >= 400)
		k->tried[i].refused++;
	else
		k->tried[i].good++;
}

static void wrong(struct walk *k, const char *what, const struct ask *a)
{
	static char text[8000];

	if (k->wrong)
		return;
	snprintf(text, sizeof(text), "%s: %s %s by %d, key %s: %s\n   → %d %s", what, a->method, a->target, a->who,
		a->key, a->body, a->status, a->text ? a->text : "nothing");
	k->wrong = text;
}

static void learn(struct memory *m)
{
	json_t *o = m->ask.status < 300 ? json_loads(m->ask.text, 0, NULL) : NULL;

	m->known = true;
	if (o && json_object_get(o, "total") && strstr(m->ask.target, "/orders")) {
		m->order = int_of(o, "id");
		m->version = int_of(o, "version");
	}
	json_decref(o);
}

static void show(const struct walk *k, const struct ask *a)
{
	if (k->trace)
		printf("%s %s by %d %s: %.300s → %d %.200s%s\n", a->method, a->target, a->who, a->key, a->body,
			a->status, a->text ? a->text : "", disk_dead() ? " (the power is gone)" : "");
}

/* Was it answered, and may it be answered so? An answer after the power went never left the house. */
static void heard(struct walk *k, struct memory *m)
{
	show(k, &m->ask);
	if (disk_dead()) {
		m->ask.status = 0;
		return;
	}
	count_tried(k, &m->ask);
	if (m->ask.status == 500 || (m->ask.status >= 500 && !k->faulty))
		wrong(k, "no such answer may come", &m->ask);
	if (m->ask.status < 500)
		learn(m);
}

void walk_step(struct walk *k)
{
	struct memory *group[TOGETHER];
	size_t n = 0, together = 1 + below(k->w, TOGETHER);

	world_wait(k->w, MINUTE_US);
	for (size_t i = 0; i < together && k->len < MEMORY; i++) {
		struct memory *m = &k->memory[k->len];

		*m = (struct memory){ 0 };
		if (!choose(k, &m->ask))
			continue;
		snprintf(m->ask.key, sizeof(m->ask.key), "k%zu", k->len);
		group[n++] = m;
		k->len++;
		world_send(k->w, &m->ask);
	}
	world_step(k->w);
	for (size_t i = 0; i < n; i++) {
		world_take(k->w, &group[i]->ask);
		heard(k, group[i]);
	}
	if (chance_of(k->w, 4))
		world_tick(k->w);
}

/* ---- after a life ---- */

static void repeat(struct walk *k, struct memory *m)
{
	struct ask again = m->ask;

	again.text = NULL;
	world_send(k->w, &again);
	world_step(k->w);
	world_take(k->w, &again);
	show(k, &again);
	if (again.status >= 500) {
		wrong(k, "a repeat must be answered", &again);
	} else if (m->known && (again.status != m->ask.status || strcmp(again.text, m->ask.text) != 0)) {
		printf("first answer: %d %s\n", m->ask.status, m->ask.text);
		wrong(k, "a repeat was answered in another way", &again);
	} else if (!m->known) {
		free(m->ask.text);
		m->ask = again;
		learn(m);
		return;
	}
	free(again.text);
}

void walk_repeat(struct walk *k)
{
	for (size_t i = 0; i < k->len && !k->wrong; i++) {
		struct memory *m = &k->memory[i];

		/* Only what was done is kept; a refusal may be another one today. */
		if (!m->known || (m->ask.status < 300 && chance_of(k->w, 5)))
			repeat(k, m);
	}
}

static int64_t orders_there(struct walk *k)
{
	char cursor[80] = "";
	int64_t n = 0;
	json_t *page;

	do {
		page = world_get(k->w, CLERK, "/api/v1/orders?limit=200%s%s", *cursor ? "&cursor=" : "", cursor);
		n += (int64_t)json_array_size(json_object_get(page, "items"));
		snprintf(cursor, sizeof(cursor), "%s", str_of(page, "next_cursor"));
		json_decref(page);
	} while (*cursor);
	return n;
}

static bool made_order(const struct memory *m)
{
	return m->ask.status == 201 && strcmp(m->ask.move, "create") == 0;
}

static int64_t orders_acknowledged(struct walk *k)
{
	int64_t n = 0;

	for (size_t i = 0; i < k->len; i++) {
		bool first = made_order(&k->memory[i]);

		for (size_t j = 0; first && j < i; j++)
			first = k->memory[j].order != k->memory[i].order || !made_order(&k->memory[j]);
		n += first;
	}
	return n;
}

void walk_count(struct walk *k)
{
	int64_t there = orders_there(k), told = orders_acknowledged(k);
	static char text[200];

	for (size_t i = 0; i < k->len && !k->wrong; i++) {
		const struct memory *m = &k->memory[i];
		json_t *o = m->order ? world_get(k->w, CLERK, "/api/v1/orders/%" PRId64, m->order) : NULL;

		if (m->order && !o)
			wrong(k, "an acknowledged order is gone", &m->ask);
		else if (o && int_of(o, "version") < m->version)
			wrong(k, "an acknowledged move is gone", &m->ask);
		if (o)
			note_state(k, o);
		json_decref(o);
	}
	if (!k->wrong && there != told) {
		snprintf(
			text, sizeof(text), "%" PRId64 " orders are there, %" PRId64 " were acknowledged", there, told);
		k->wrong = text;
	}
}

void walk_forget(struct walk *k)
{
	for (size_t i = 0; i < k->len; i++)
		free(k->memory[i].ask.text);
	k->len = 0;
	k->creates = 0;
}
