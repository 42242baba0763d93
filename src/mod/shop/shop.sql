-- include: mod/shop/shop_int.h

-- name: shop_login_find(customer_id i64) :find shop_login
SELECT customer_id, password, set_at FROM shop_login WHERE customer_id = :customer_id;

-- name: shop_login_put(customer_id i64, password str, set_by i64, now time) :exec
INSERT INTO shop_login (customer_id, password, set_by, set_at) VALUES (:customer_id, :password, :set_by, :now)
    ON CONFLICT (customer_id) DO UPDATE SET password = excluded.password, set_by = excluded.set_by, set_at = excluded.set_at;

-- name: shop_login_drop(customer_id i64) :count
DELETE FROM shop_login WHERE customer_id = :customer_id;

-- The link that opens the shop now; a new one ends those before it.
-- name: shop_link_of(customer_id i64, now time) :find shop_link
SELECT made_at, until_at FROM private_link
 WHERE purpose = 'shop' AND entity_id = :customer_id AND revoked_at IS NULL AND until_at > :now
 ORDER BY made_at DESC, id DESC LIMIT 1;

-- A draft that a clerk is still typing is no order yet; one that was sent from here is.
-- name: shop_order_list(customer_id i64, before_id i64, n i64) :many shop_order
SELECT o.id, o.number, o.state, o.delivery_date, o.total, o.created_at,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o
 WHERE o.customer_id = :customer_id AND o.id < :before_id AND (o.state <> 'draft' OR o.channel = 'online')
 ORDER BY o.id DESC LIMIT :n;

-- name: shop_order_find(id i64, customer_id i64) :find shop_order
SELECT o.id, o.number, o.state, o.delivery_date, o.total, o.created_at,
       (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) AS lines_n
  FROM orders o
 WHERE o.id = :id AND o.customer_id = :customer_id AND (o.state <> 'draft' OR o.channel = 'online');

-- name: shop_sent_find(id i64, customer_id i64) :find shop_sent
SELECT id, order_id, received_at FROM intake
 WHERE id = :id AND customer_id = :customer_id AND channel = 'online' AND external_id LIKE 'shop:%';

-- name: shop_sent_by_key(external_id str) :find shop_sent
SELECT id, order_id, hash, received_at FROM intake WHERE channel = 'online' AND external_id = :external_id;
