/* static: the files of ui/ inside the binary. A URL with ?v=HASH never changes its content and is kept for
 * ever. */
#include "http/inside.h"

#include <string.h>

static const struct asset *asset_find(const char *path)
{
	for (const struct asset *f = assets; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

const char *asset_url(struct arena *a, const char *path)
{
	const struct asset *f = asset_find(path);

	return f ? arena_printf(a, "%s?v=%s", f->path, f->etag) : path;
}

static bool fresh(const struct req *r, const char *etag)
{
	const char *have = req_header(r, "If-None-Match");

	return have && (strstr(have, etag) || strcmp(have, "*") == 0);
}

/* /ui/scan-sw.js may serve pages under /scan and no others. */
static void allow_scope(struct req *r, struct done *d, const char *path)
{
	const char *end = strstr(path, "-sw.js");

	if (end != NULL && strncmp(path, "/ui/", 4) == 0)
		done_header(
			r, d, "Service-Worker-Allowed", arena_strndup(r->arena, path + 3, (size_t)(end - path - 3)));
}

struct done *asset_reply(struct req *r)
{
	const struct asset *f = r->method == GET && r->method_known ? asset_find(r->path) : NULL;
	struct done *d;

	if (!f)
		return NULL;
	d = done_new(r, MHD_HTTP_OK, f->type);
	d->etag = arena_printf(r->arena, "\"%s\"", f->etag);
	d->cache = strncmp(r->query, "v=", 2) == 0 && strcmp(r->query + 2, f->etag) == 0
			   ? "public, max-age=31536000, immutable"
			   : "no-cache";
	allow_scope(r, d, f->path);
	if (fresh(r, d->etag)) {
		d->status = MHD_HTTP_NOT_MODIFIED;
		d->type = NULL;
	} else {
		buf_add(&d->body, f->data, f->len);
	}
	return d;
}
