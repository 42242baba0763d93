/* shop: the small shop page of a known customer: its usual goods at its prices, an order in a minute, the same once more, and
 * where the earlier ones are. Opened by a private link, or by the customer's code and a password.
 * Clauses 3-1.1, 3-1.2.  Owns: shop_login      Uses: link, user, customer, catalog, price, stock, order, intake */
#ifndef MOD_SHOP_H
#define MOD_SHOP_H

#include "app/app.h"

extern const struct module shop_module;

#endif
