/* photo: a picture or scan from outside, believed by its bytes alone: JPEG, PNG, WebP or PDF. What a camera writes beside the
 * picture (place, time, device, comments, whatever follows the end) is left out; only which way up it is stays. */
#ifndef APP_PHOTO_H
#define APP_PHOTO_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ctx;
struct req;
struct upload;

#define PHOTO_BYTES_MAX  ((size_t)10 * 1024 * 1024)
#define PHOTO_PIXELS_MAX INT64_C(50000000)
#define PHOTOS_PER_CALL  10

struct photo {
	const char *type;      /* "image/jpeg" */
	int64_t width, height; /* 0: a PDF */
	const uint8_t *data;
	size_t len;
};

/* E_MEDIA_TYPE for what is none of these or broken, E_TOO_LARGE for too many bytes or pixels. name: for the sentence. */
NODISCARD bool photo_clean(struct ctx *c, const char *name, const void *data, size_t len, struct photo *out);

/* An upload becomes the cleaned photo and its hash; once: what is ready stays as it is. */
NODISCARD bool photo_ready(struct ctx *c, struct upload *u);
NODISCARD bool photos_few(struct ctx *c, size_t len);
/* All that came with a request, before it waits for the write lane: ten large ones take longer than everybody else's writes. */
NODISCARD bool photos_ready(struct ctx *c, struct req *r);

#endif
