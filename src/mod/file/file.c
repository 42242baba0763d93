/* file: keeping and giving out. */
#include "mod/file/file_int.h"

#include "app/photo.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "gen/file_sql.h"

#include <string.h>

const struct field file_fields[] = {
	FIELD(struct file, id, T_none),
	FIELD(struct file, entity, T_none, .flags = F_HIDDEN),
	FIELD(struct file, entity_id, T_none, .flags = F_HIDDEN),
	FIELD(struct file, name, T_file_name),
	FIELD(struct file, type, T_none),
	FIELD(struct file, size, T_file_size),
	FIELD(struct file, sha256, T_file_hash),
	FIELD(struct file, at, T_file_at),
	FIELD_END,
};

const struct field file_content_fields[] = {
	FIELD(struct file_content, name, T_none),
	FIELD(struct file_content, type, T_none),
	FIELD(struct file_content, entity, T_none),
	FIELD(struct file_content, entity_id, T_none),
	FIELD(struct file_content, content, T_none),
	FIELD_END,
};

static bool keep_one(struct ctx *c, const char *entity, int64_t entity_id, struct upload u)
{
	char *hex = arena_alloc(c->arena, 65);
	int64_t id;

	if (!photo_ready(c, &u) || !id_new(c, &id))
		return false;
	hex_encode(hex, u.sha256, 32);
	return file_insert(c, id, entity, entity_id,
		arena_strndup(c->arena, u.name, utf8_cut(u.name, strlen(u.name), 200)), u.type, (int64_t)u.len, hex,
		(struct bytes){ (const uint8_t *)u.data, u.len }, c->actor->id, c->now);
}

bool file_keep(struct ctx *c, const char *entity, int64_t entity_id, const struct upload *files, size_t len)
{
	if (!photos_few(c, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (files[i].len > 0 && !keep_one(c, entity, entity_id, files[i]))
			return false;
	return true;
}

bool file_list(struct ctx *c, const char *entity, int64_t entity_id, struct file **out, size_t *len)
{
	return file_of(c, entity, entity_id, out, len);
}

bool file_forget(struct ctx *c, const char *entity, struct i64s entity_ids)
{
	return entity_ids.len == 0 || file_drop(c, entity, entity_ids);
}

struct done *file_reply(struct ctx *c, struct req *r, const char *entity, int64_t entity_id, int64_t id)
{
	struct file_content f;

	if (!file_get(c, id, entity, entity_id, &f))
		return reply_error(r);
	return reply_bytes(r, f.type, f.name, f.content.data, f.content.len);
}

static struct done *file_one_get(struct ctx *c, struct req *r)
{
	return file_reply(c, r, NULL, INT64_MIN, req_id(r));
}

static const struct route routes[] = {
	{ GET, "/files/:id", RIGHT_look, NULL, 0, file_one_get, T_file_one, 0, NULL },
	ROUTE_END,
};

static bool count_hashes(struct ctx *c, int64_t *counted, int64_t *broken, const char **first)
{
	struct file *rows;
	size_t len;
	int64_t after = 0;

	*counted = *broken = 0;
	do {
		if (!file_check_page(c, after, &rows, &len))
			return false;
		for (size_t i = 0; i < len; i++) {
			struct file_content f;
			uint8_t hash[32];
			char hex[65];

			if (!file_get(c, rows[i].id, NULL, INT64_MIN, &f))
				return false;
			sha256(f.content.data, f.content.len, hash);
			hex_encode(hex, hash, sizeof(hash));
			after = rows[i].id;
			if (strcmp(hex, rows[i].sha256) == 0)
				continue;
			(*broken)++;
			*first = *first != NULL ? *first : rows[i].name;
		}
		*counted += (int64_t)len;
	} while (len > 0);
	return true;
}

static const struct check checks[] = {
	{ 11, "photos are what their hashes say", count_hashes },
	{ 0, NULL, NULL },
};

const struct module file_module = { .name = "file", .routes = routes, .checks = checks };
