/* What is removed when a person's facts are to be erased: how to reach them. The keys they were found by go with them. */
#include "mod/customer/customer_row.h"

#include "gen/customer_sql.h"

static bool forget(struct ctx *c, const struct event *e)
{
	struct customer who;

	return customer_forget(c, e->entity_id) && customer_address_forget(c, e->entity_id) &&
	       customer_get(c, e->entity_id, &who) && customer_keys_write(c, &who, 1);
}

const struct listen customer_listens[] = {
	{ "customer.erased", forget },
	{ NULL, NULL },
};
