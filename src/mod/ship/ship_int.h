/* What the files of this module share. */
#ifndef MOD_SHIP_INT_H
#define MOD_SHIP_INT_H

#include "mod/ship/ship_view.h"
#include "mod/stock/stock.h"

#include <inttypes.h>
#include <string.h>

#define PACKING    "packing"
#define DISPATCHED "dispatched"
#define DELIVERED  "delivered"

/* Where a line's goods were taken from: what the stock gives up at the dispatch. */
struct ship_lot {
	int64_t shipment_id, line, product_id;
	const char *warehouse, *location, *lot;
	struct qty quantity;
};
extern const struct field ship_lot_fields[];

struct receipt_content {
	const char *name, *type;
	struct bytes content;
};
extern const struct field receipt_content_fields[];

struct pack_line {
	int64_t line;
	struct qty quantity;
};
struct pack_in {
	struct pack_line *lines;
	size_t lines_len;
	struct qty weight_kg;
};
struct dispatch_in {
	const char *carrier, *service, *tracking_number, *driver;
};
struct track_in {
	int state; /* enum track */
	struct instant at;
	const char *place, *text;
};
struct receipt_line {
	int64_t line;
	struct qty received, refused;
};
struct load_in {
	const char *crate;
	int64_t count;
};
struct receipt_in {
	const char *signer, *note;
	struct instant at;
	struct receipt_line *lines;
	size_t lines_len;
	struct crate_back_in *crates; /* brought back on the way */
	size_t crates_len;
};
extern const struct field pack_fields[], load_fields[], dispatch_fields[], track_fields[], receipt_fields[];

/* How far a shipment is, as carriers say it. */
enum track {
	TRACK_PICKED_UP,
	TRACK_IN_TRANSIT,
	TRACK_OUT,
	TRACK_DELIVERED,
	TRACK_EXCEPTION,
	TRACK_REFUSED,
	TRACK_RETURNING,
	TRACK_RETURNED
};
extern const char *const track_names[];

/* The row, locked until the end of the transaction, as the caller saw it (version INT64_MIN: not checked). */
NODISCARD bool ship_take_up(struct ctx *c, int64_t id, int64_t version, struct shipment *out);
/* Writes it back with the next version, and the event. */
NODISCARD bool ship_store(struct ctx *c, struct shipment *s, const char *to, const char *kind, const char *data);
bool ship_is(const struct shipment *s, const char *state);
struct shipment_line *ship_line_of(struct shipment_line *lines, size_t len, int64_t line);
bool ship_packed_whole(const struct shipment_line *lines, size_t len);
/* The shown word of a state, for sentences. */
const char *ship_state_text(struct ctx *c, const char *state);

NODISCARD bool ship_pack(struct ctx *c, int64_t id, int64_t version, const struct pack_in *in, struct package *out);
NODISCARD bool ship_unpack(struct ctx *c, int64_t id, int64_t version, int64_t package_id);
/* How many crates of a kind go out with it; 0: none. */
NODISCARD bool ship_load(struct ctx *c, int64_t id, int64_t version, const struct load_in *in);
NODISCARD bool ship_dispatch(struct ctx *c, int64_t id, int64_t version, const struct dispatch_in *in);
NODISCARD bool ship_undo(struct ctx *c, int64_t id, int64_t version, const char *reason);
NODISCARD bool ship_track(struct ctx *c, int64_t id, const struct track_in *in, const char *source);
NODISCARD bool ship_receive(struct ctx *c, int64_t id, int64_t version, const struct receipt_in *in,
	const struct upload *files, size_t files_len);

NODISCARD bool carrier_set(struct ctx *c, const struct carrier *in);
/* Must be one of ours, unless none is known at all; then any name goes. */
NODISCARD bool carrier_check(struct ctx *c, const char *code, struct date *promised_on);

extern const struct check ship_checks[];
extern const struct listen ship_listens[];

/* The papers of a shipment; GET handlers. */
struct done *ship_delivery_note_get(struct ctx *c, struct req *r);
struct done *ship_pick_list_get(struct ctx *c, struct req *r);
struct done *ship_packing_list_get(struct ctx *c, struct req *r);
struct done *ship_label_get(struct ctx *c, struct req *r);
/* For the customer's system: UBL 2.1, once the goods have left. */
struct done *ship_advice_get(struct ctx *c, struct req *r);

#endif
