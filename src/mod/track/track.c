/* track: 快递100 and signed calls of carriers; late and silent shipments. */
#include "mod/track/track.h"

#include "app/serve.h"
#include "app/webhook.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "gen/ship_sql.h"
#include "gen/track_sql.h"
#include "mod/ship/ship_int.h"
#include "mod/task/task.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define CHINA_S (8 * 3600)

/* ---- what the codes mean ---- */

const char *track_state_of(const char *code)
{
	static const struct {
		const char *code, *state;
	} exact[] = {
		{ "0", "in_transit" },
		{ "1", "picked_up" },
		{ "2", "exception" },
		{ "3", "delivered" },
		{ "4", "returned" },
		{ "5", "out_for_delivery" },
		{ "6", "returning" },
		{ "7", "in_transit" },
		{ "8", "in_transit" },
		{ "14", "refused" },
		{ "101", NULL },
		{ "102", NULL },
		{ "401", NULL },
		{ "501", "out_for_delivery" },
	};
	static const struct {
		const char *start, *state;
	} starts[] = {
		{ "100", "in_transit" },
		{ "10", "picked_up" },
		{ "2", "exception" },
		{ "3", "delivered" },
		{ "4", "returned" },
		{ "5", "out_for_delivery" },
	};

	if (code == NULL || *code == '\0')
		return "in_transit";
	for (size_t i = 0; i < ARRAY_LEN(exact); i++)
		if (strcmp(exact[i].code, code) == 0)
			return exact[i].state;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strlen(code) >= 3 && strncmp(code, starts[i].start, strlen(starts[i].start)) == 0)
			return starts[i].state;
	return "in_transit";
}

/* ---- signatures ---- */

static bool same(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(a)) == 0;
}

static bool md5_holds(struct ctx *c, const char *param, const char *salt, const char *sign)
{
	uint8_t sum[EVP_MAX_MD_SIZE];
	char hex[2 * 16 + 1], given[2 * 16 + 1] = { 0 };
	const char *all = arena_printf(c->arena, "%s%s", param, salt);
	unsigned n = 0;

	if (EVP_Digest(all, strlen(all), sum, &n, EVP_md5(), NULL) != 1 || n != 16 || strlen(sign) != 32)
		return false;
	hex_encode(hex, sum, 16);
	for (size_t i = 0; i < 32; i++)
		given[i] = sign[i] >= 'A' && sign[i] <= 'F' ? (char)(sign[i] + 32) : sign[i];
	return same(hex, given);
}

/* ---- a carrier speaks ---- */

/* "2026-11-24 18:05:00", the clock of China. */
static bool china_time(const char *s, struct instant *out)
{
	char iso[32];

	if (s == NULL || strlen(s) != 19)
		return false;
	memcpy(iso, s, 19);
	iso[10] = 'T';
	memcpy(iso + 19, "+08:00", 7);
	return instant_parse(iso, out);
}

static bool take_once(struct ctx *c, int64_t shipment, const char *nu, const char *at, const char *words, bool *fresh)
{
	const char *all = arena_printf(c->arena, "%s|%s|%s", nu, at, words);
	int64_t taken;

	if (!carrier_event_take(c, shipment, sha256_hex(c->arena, all, strlen(all)), c->now, &taken))
		return false;
	*fresh = taken > 0;
	return true;
}

static const char *cut(struct ctx *c, const char *s, size_t most)
{
	return s != NULL && *s != '\0' ? arena_strndup(c->arena, s, utf8_cut(s, strlen(s), most)) : NULL;
}

static const char *text_of(json_t *at, const char *name)
{
	json_t *v = json_object_get(at, name);

	return json_is_string(v) ? json_string_value(v) : "";
}

/* One entry of the list. The newest also carries the parcel's state where its own code is missing. */
static bool take_entry(struct ctx *c, int64_t shipment, const char *nu, json_t *e, const char *state_of_all)
{
	const char *code = *text_of(e, "statusCode") != '\0' ? text_of(e, "statusCode") : state_of_all;
	const char *state = track_state_of(code), *at = text_of(e, "time");
	struct track_in in = { .place = cut(c, text_of(e, "location"), 100),
		.text = cut(c, text_of(e, "context"), 300) };
	bool fresh;

	if (*at == '\0')
		at = text_of(e, "ftime");
	if (state == NULL || !china_time(at, &in.at))
		return true;
	if (!take_once(c, shipment, nu, at, text_of(e, "context"), &fresh) || !fresh)
		return ok(c);
	in.state = enum_find(track_names, state);
	return ship_track(c, shipment, &in, "kuaidi100");
}

/* The carrier gave up asking: a person looks at the number. */
static bool given_up(struct ctx *c, const struct shipment *s, const char *message)
{
	struct buf b;
	struct json j;
	struct task t = { .kind = "silent",
		.role = "clerk",
		.order_id = s->order_id,
		.entity = "shipment",
		.entity_id = s->id,
		.due_at = { c->now.us + HOUR_US } };

	buf_init(&b, c->arena);
	json_start(&j, &b);
	json_obj(&j, NULL);
	json_str(&j, "shipment", s->number);
	json_str(&j, "note", cut(c, message, 200));
	json_end_obj(&j);
	t.data = buf_cstr(&b);
	return task_open(c, &t, NULL);
}

static bool take_push(struct ctx *c, int64_t id, json_t *param)
{
	json_t *last = json_object_get(param, "lastResult"), *data = json_object_get(last, "data");
	const char *nu = text_of(last, "nu");
	struct shipment s;

	if (!ship_lock(c, id, &s))
		return false;
	if (s.tracking_number != NULL && *nu != '\0' && strcmp(s.tracking_number, nu) != 0)
		return fail(c, E_CONFLICT, T_track_other_number, nu);
	for (size_t i = json_array_size(data); i-- > 0;)
		if (!take_entry(c, id, nu, json_array_get(data, i), i == 0 ? text_of(last, "state") : "0"))
			return false;
	return strcmp(text_of(param, "status"), "abort") != 0 || given_up(c, &s, text_of(param, "message"));
}

struct push_in {
	const char *param, *sign;
};
static const struct field push_fields[] = {
	FIELD(struct push_in, param, T_track_param, .flags = F_REQUIRED | F_LINES, .max = 500000),
	FIELD(struct push_in, sign, T_track_sign, .flags = F_REQUIRED, .max = 64),
	FIELD_END,
};

static struct done *taken(struct ctx *c, struct req *r)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_str(&b, "{\"result\":true,\"returnCode\":\"200\",\"message\":\"成功\"}");
	return reply_json(r, &b);
}

static struct done *kuaidi100_post(struct ctx *c, struct req *r)
{
	const struct push_in *in = req_in(r);
	const char *salt = setting_str(c, "kuaidi100.salt");
	json_t *param;
	bool fine;

	if (*salt == '\0' || !md5_holds(c, in->param, salt, in->sign)) {
		(void)fail(c, E_FORBIDDEN, T_track_not_signed);
		return reply_error(r);
	}
	param = json_loads(in->param, JSON_REJECT_DUPLICATES, NULL);
	actor_as(c, ROLE_none, "carrier", "快递100");
	fine = json_is_object(param) ? take_push(c, req_id(r), param)
				     : fail_field(c, "/param", E_TYPE, T_track_not_json);
	json_decref(param);
	return fine ? taken(c, r) : reply_error(r);
}

/* ---- any carrier, signed ---- */

struct call_in {
	const char *tracking_number, *place, *text;
	int state;
	struct instant at;
};
static const struct field call_fields[] = {
	FIELD(struct call_in, tracking_number, T_track_number, .flags = F_REQUIRED, .max = 64),
	FIELD_ENUM(struct call_in, state, T_track_state, track_names, .flags = F_REQUIRED),
	FIELD(struct call_in, at, T_track_at, .flags = F_REQUIRED),
	FIELD(struct call_in, place, T_track_place, .max = 100),
	FIELD(struct call_in, text, T_track_text, .max = 300),
	FIELD_END,
};

static bool call_believed(struct ctx *c, struct req *r, const char **id)
{
	struct webhook w = { req_header(r, "webhook-id"), req_header(r, "webhook-timestamp"),
		req_header(r, "webhook-signature") };
	const char *secret = setting_str(c, "hooks.secret");

	*id = w.id;
	if (*secret == '\0' || w.id == NULL || w.signature == NULL || strlen(w.id) > 200 ||
		!webhook_fresh(c, w.timestamp) || !webhook_fits(c, secret, &w, req_body(r)))
		return fail(c, E_FORBIDDEN, T_track_not_signed);
	return true;
}

static bool take_call(struct ctx *c, const char *carrier, const struct call_in *in)
{
	struct track_in t = { .state = in->state, .at = in->at, .place = in->place, .text = in->text };
	struct shipment *found;
	size_t len;

	if (!track_by_number(c, carrier, in->tracking_number, &found, &len))
		return false;
	if (len == 0)
		return fail(c, E_NOT_FOUND, T_track_no_shipment, in->tracking_number);
	return ship_track(c, found[0].id, &t, carrier);
}

static struct done *carrier_post(struct ctx *c, struct req *r)
{
	const char *id;
	int64_t fresh;

	if (!call_believed(c, r, &id) ||
		!carrier_call_take(c, arena_printf(c->arena, "%s %s", req_name(r), id), c->now, &fresh))
		return reply_error(r);
	actor_as(c, ROLE_none, "carrier", req_name(r));
	return fresh == 0 || take_call(c, req_name(r), req_in(r)) ? taken(c, r) : reply_error(r);
}

/* ---- late and silent ---- */

static bool open_for(struct ctx *c, const struct shipment *s, const char *kind)
{
	struct task t = { .kind = kind,
		.role = "clerk",
		.order_id = s->order_id,
		.entity = "shipment",
		.entity_id = s->id,
		.data = arena_printf(c->arena, "{\"shipment\":\"%s\"}", s->number),
		.due_at = { c->now.us + HOUR_US } };

	return task_open(c, &t, NULL);
}

static bool watch(struct ctx *c)
{
	struct instant since = { c->now.us - setting_int(c, "track.silent_hours") * HOUR_US };
	struct shipment *late, *silent;
	size_t late_len, silent_len;

	if (!track_late(c, today(c), 100, &late, &late_len))
		return false;
	for (size_t i = 0; i < late_len; i++) {
		struct event ev = { .kind = "shipment.late",
			.entity = "shipment",
			.entity_id = late[i].id,
			.order_id = late[i].order_id,
			.data = arena_printf(c->arena, "{\"number\":\"%s\"}", late[i].number) };
		if (!open_for(c, &late[i], "late") || !event_add(c, &ev))
			return false;
	}
	if (!track_silent(c, since, 100, &silent, &silent_len))
		return false;
	for (size_t i = 0; i < silent_len; i++)
		if (!open_for(c, &silent[i], "silent"))
			return false;
	return carrier_call_forget(c, (struct instant){ c->now.us - DAY_US });
}

#define IN(f, s) (f), sizeof(s)
static const struct route routes[] = {
	{ POST, "/hooks/kuaidi100/:id", RIGHT_none, IN(push_fields, struct push_in), kuaidi100_post, T_track_kuaidi100,
		ROUTE_PUBLIC, NULL },
	{ POST, "/hooks/:name/tracking", RIGHT_none, IN(call_fields, struct call_in), carrier_post, T_track_call,
		ROUTE_PUBLIC, NULL },
	ROUTE_END,
};

static const struct tick ticks[] = {
	{ "track.watch", 600, watch },
	{ NULL, 0, NULL },
};

const struct module track_module = { .name = "track", .routes = routes, .ticks = ticks };
