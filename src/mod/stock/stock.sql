-- include: mod/stock/stock_int.h

-- Everything that changes stock locks the levels first, in this order, so two orders never wait for each other in a circle.
-- name: stock_level_lock(product_ids i64s) :many stock_part
SELECT product_id, warehouse, on_hand, committed
  FROM stock_level WHERE product_id IN (:product_ids) ORDER BY product_id, warehouse FOR UPDATE;

-- name: stock_level_lock_orders(order_ids i64s) :many stock_part
SELECT product_id, warehouse, on_hand, committed
  FROM stock_level
 WHERE product_id IN (SELECT r.product_id FROM stock_reservation r WHERE r.order_id IN (:order_ids))
 ORDER BY product_id, warehouse FOR UPDATE;

-- What is bound in an expired lot is committed already and must not be taken off twice.
-- name: stock_parts(product_ids i64s, ship date) :many stock_part
SELECT l.product_id, l.warehouse, l.on_hand, l.committed,
       CAST(COALESCE(x.expired, 0) AS BIGINT) AS expired, CAST(COALESCE(x.quarantined, 0) AS BIGINT) AS quarantined
  FROM stock_level l
  LEFT JOIN (SELECT product_id, warehouse, SUM(quarantined) AS quarantined,
                    SUM(CASE WHEN expires < :ship AND on_hand > quarantined + bound THEN on_hand - quarantined - bound ELSE 0 END) AS expired
               FROM stock_lot WHERE product_id IN (:product_ids) AND on_hand > 0 GROUP BY product_id, warehouse) AS x
    ON x.product_id = l.product_id AND x.warehouse = l.warehouse
 WHERE l.product_id IN (:product_ids)
 ORDER BY l.product_id, l.warehouse;

-- name: stock_lots(product_ids i64s) :many stock_lot
SELECT product_id, warehouse, location, lot, expires, on_hand, bound, quarantined
  FROM stock_lot WHERE product_id IN (:product_ids) ORDER BY product_id, warehouse, location, lot;

-- First expired first out; what never expires last.
-- name: stock_lots_usable(product_ids i64s, ship date) :many stock_lot
SELECT product_id, warehouse, location, lot, expires, on_hand, bound, quarantined
  FROM stock_lot
 WHERE product_id IN (:product_ids) AND on_hand > bound + quarantined AND (expires IS NULL OR expires >= :ship)
 ORDER BY product_id, warehouse, CASE WHEN expires IS NULL THEN 1 ELSE 0 END, expires, location, lot;

-- The newest is given back first.
-- name: stock_holds_of_line(order_id i64, line i64) :many stock_hold
SELECT order_id, line, product_id, warehouse, quantity, bound, at
  FROM stock_reservation WHERE order_id = :order_id AND line = :line ORDER BY at DESC, warehouse DESC;

-- name: stock_holds_of_order(order_id i64) :many stock_hold
SELECT order_id, line, product_id, warehouse, quantity, bound, at
  FROM stock_reservation WHERE order_id = :order_id ORDER BY product_id, warehouse, line;

-- name: stock_holds_of_orders(order_ids i64s) :many stock_hold
SELECT order_id, line, product_id, warehouse, quantity, bound, at
  FROM stock_reservation WHERE order_id IN (:order_ids) ORDER BY product_id, warehouse, at, order_id, line;

-- name: stock_hold_open :each stock_change
INSERT INTO stock_reservation (order_id, line, warehouse, product_id, quantity, at)
VALUES (:order_id, :line, :warehouse, :product_id, 0, :at) ON CONFLICT (order_id, line, warehouse) DO NOTHING;

-- name: stock_hold_move :each stock_change
UPDATE stock_reservation SET quantity = quantity + :committed, bound = bound + :bound
 WHERE order_id = :order_id AND line = :line AND warehouse = :warehouse;

-- name: stock_hold_sweep(order_ids i64s) :exec
DELETE FROM stock_reservation WHERE order_id IN (:order_ids) AND quantity = 0;

-- name: stock_level_open :each stock_change
INSERT INTO stock_level (product_id, warehouse, on_hand, committed)
VALUES (:product_id, :warehouse, 0, 0) ON CONFLICT (product_id, warehouse) DO NOTHING;

-- name: stock_level_move :each stock_change
UPDATE stock_level SET on_hand = on_hand + :on_hand, committed = committed + :committed
 WHERE product_id = :product_id AND warehouse = :warehouse;

-- An empty lot may come back with another date.
-- name: stock_lot_open :each stock_change
INSERT INTO stock_lot (product_id, warehouse, location, lot, expires, on_hand)
VALUES (:product_id, :warehouse, :location, :lot, :expires, 0)
    ON CONFLICT (product_id, warehouse, location, lot) DO UPDATE SET expires = COALESCE(excluded.expires, stock_lot.expires);

-- name: stock_lot_move :each stock_change
UPDATE stock_lot SET on_hand = on_hand + :on_hand, bound = bound + :bound
 WHERE product_id = :product_id AND warehouse = :warehouse AND location = :location AND lot = :lot;

-- name: stock_movement_add :each stock_change
INSERT INTO stock_movement (id, at, product_id, warehouse, location, lot, quantity, reason, order_id, shipment_id, line, actor_id, note)
VALUES (:movement_id, :at, :product_id, :warehouse, :location, :lot, :on_hand, :reason, :order_id, :shipment_id, :line, :actor_id, :note);
