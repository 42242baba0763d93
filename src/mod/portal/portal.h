/* portal: the private pages of customers and drivers, opened by a link instead of a login.
 * Clauses 3-4.1, 3-4.2, 3-5.1, 3-5.2.  Owns: (nothing)      Uses: link, order, ship, customer, care, file */
#ifndef MOD_PORTAL_H
#define MOD_PORTAL_H

#include "app/app.h"

extern const struct module portal_module;

#endif
