-- include: mod/stock/stock_int.h
-- include: mod/stock/stock_view.h

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

-- What these orders hold of one product.
-- name: stock_holds_of_product(product_id i64, order_ids i64s) :many stock_hold
SELECT order_id, line, product_id, warehouse, quantity, bound, at
  FROM stock_reservation WHERE product_id = :product_id AND order_id IN (:order_ids) ORDER BY warehouse, order_id, line;

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
UPDATE stock_lot
   SET on_hand = on_hand + :on_hand, bound = bound + :bound,
       quarantined = CASE WHEN quarantined > on_hand + :on_hand THEN on_hand + :on_hand ELSE quarantined END
 WHERE product_id = :product_id AND warehouse = :warehouse AND location = :location AND lot = :lot;

-- name: stock_lot_set_aside :each stock_change
UPDATE stock_lot SET quarantined = quarantined + :on_hand
 WHERE product_id = :product_id AND warehouse = :warehouse AND location = :location AND lot = :lot;

-- name: stock_movement_add :each stock_change
INSERT INTO stock_movement (id, at, product_id, warehouse, location, lot, quantity, reason, order_id, shipment_id, line, actor_id, note)
VALUES (:movement_id, :at, :product_id, :warehouse, :location, :lot, :on_hand, :reason, :order_id, :shipment_id, :line, :actor_id, :note);

-- What a person sees of one product.
-- name: stock_lots_here(product_id i64) :many stock_lot
SELECT product_id, warehouse, location, lot, expires, on_hand, bound, quarantined
  FROM stock_lot WHERE product_id = :product_id AND on_hand > 0
 ORDER BY warehouse, CASE WHEN expires IS NULL THEN 1 ELSE 0 END, expires, location, lot;

-- name: stock_holders(product_id i64) :many stock_holder
SELECT o.id AS "order", o.number, k.name AS customer, u.name AS clerk, r.line, r.warehouse, r.quantity, r.at AS since
  FROM stock_reservation r
  JOIN orders o ON o.id = r.order_id
  JOIN customer k ON k.id = o.customer_id
  LEFT JOIN user_account u ON u.id = o.created_by
 WHERE r.product_id = :product_id ORDER BY r.at, r.order_id, r.line, r.warehouse LIMIT 500;

-- name: stock_movements(product_id i64, n i64) :many stock_movement
SELECT m.id, m.at, m.warehouse, m.location, m.lot, m.quantity, m.reason, m.note, m.order_id, o.number, u.name AS who
  FROM stock_movement m
  LEFT JOIN orders o ON o.id = m.order_id
  LEFT JOIN user_account u ON u.id = m.actor_id
 WHERE m.product_id = :product_id ORDER BY m.id DESC LIMIT :n;

-- name: stock_movement_get(id i64) :get stock_movement
SELECT m.id, m.at, m.warehouse, m.location, m.lot, m.quantity, m.reason, m.note, m.order_id, o.number, u.name AS who
  FROM stock_movement m
  LEFT JOIN orders o ON o.id = m.order_id
  LEFT JOIN user_account u ON u.id = m.actor_id
 WHERE m.id = :id;

-- Verify, from the raw rows.
-- name: stock_count_lots() :i64
SELECT COUNT(*) FROM stock_lot;

-- name: stock_count_levels() :i64
SELECT COUNT(*) FROM stock_level;

-- name: stock_count_held() :i64
SELECT COUNT(*) FROM stock_reservation;

-- name: stock_check_lots() :many stock_broken
SELECT CAST(s.product_id AS TEXT) || ' ' || s.warehouse || ' ' || s.location || ' ' || s.lot AS what,
       CAST(SUM(s.here) AS BIGINT) AS have, CAST(SUM(s.moved) AS BIGINT) AS want
  FROM (SELECT product_id, warehouse, location, lot, on_hand AS here, 0 AS moved FROM stock_lot
         UNION ALL
        SELECT product_id, warehouse, location, lot, 0, quantity FROM stock_movement) AS s
 GROUP BY s.product_id, s.warehouse, s.location, s.lot
HAVING SUM(s.here) <> SUM(s.moved) OR SUM(s.here) < 0 LIMIT 10;

-- name: stock_check_levels() :many stock_broken
SELECT CAST(s.product_id AS TEXT) || ' ' || s.warehouse AS what,
       CAST(SUM(s.level) AS BIGINT) AS have, CAST(SUM(s.lots) AS BIGINT) AS want
  FROM (SELECT product_id, warehouse, on_hand AS level, 0 AS lots FROM stock_level
         UNION ALL
        SELECT product_id, warehouse, 0, on_hand FROM stock_lot) AS s
 GROUP BY s.product_id, s.warehouse HAVING SUM(s.level) <> SUM(s.lots) LIMIT 10;

-- name: stock_check_committed() :many stock_broken
SELECT CAST(s.product_id AS TEXT) || ' ' || s.warehouse AS what,
       CAST(SUM(s.committed) AS BIGINT) AS have, CAST(SUM(s.reserved) AS BIGINT) AS want
  FROM (SELECT product_id, warehouse, on_hand, committed, 0 AS reserved FROM stock_level
         UNION ALL
        SELECT product_id, warehouse, 0, 0, quantity FROM stock_reservation) AS s
 GROUP BY s.product_id, s.warehouse
HAVING SUM(s.committed) <> SUM(s.reserved) OR SUM(s.committed) > SUM(s.on_hand) LIMIT 10;

-- name: stock_check_bound() :many stock_broken
SELECT CAST(s.product_id AS TEXT) || ' ' || s.warehouse AS what,
       CAST(SUM(s.lots) AS BIGINT) AS have, CAST(SUM(s.reserved) AS BIGINT) AS want
  FROM (SELECT product_id, warehouse, bound AS lots, 0 AS reserved, CASE WHEN bound < 0 OR bound > on_hand THEN 1 ELSE 0 END AS odd FROM stock_lot
         UNION ALL
        SELECT product_id, warehouse, 0, bound, 0 FROM stock_reservation) AS s
 GROUP BY s.product_id, s.warehouse HAVING SUM(s.lots) <> SUM(s.reserved) OR SUM(s.odd) > 0 LIMIT 10;

-- name: stock_check_held() :many stock_broken
SELECT CAST(s.order_id AS TEXT) || '/' || CAST(s.line AS TEXT) AS what,
       CAST(SUM(s.reserved) AS BIGINT) AS have, CAST(SUM(s.said) AS BIGINT) AS want
  FROM (SELECT order_id, line, product_id, quantity AS reserved, 0 AS said FROM stock_reservation
         UNION ALL
        SELECT order_id, line, product_id, 0, reserved + picked + packed FROM order_line WHERE reserved + picked + packed <> 0) AS s
 GROUP BY s.order_id, s.line, s.product_id HAVING SUM(s.reserved) <> SUM(s.said) LIMIT 10;

-- name: stock_check_alive() :many stock_broken
SELECT CAST(r.order_id AS TEXT) || '/' || CAST(r.line AS TEXT) AS what, r.quantity AS have, 0 AS want
  FROM stock_reservation r LEFT JOIN orders o ON o.id = r.order_id
 WHERE o.id IS NULL OR o.decision IN ('cancelled', 'completed', 'archived') OR r.quantity <= 0 LIMIT 10;

-- The lists of the demo company are of one day; its lots are as fresh today as they were then.
-- name: stock_lots_refresh(days i64) :exec
-- sqlite:
UPDATE stock_lot SET expires = date(expires, :days || ' days') WHERE expires IS NOT NULL;
-- pg:
UPDATE stock_lot SET expires = to_char(expires::date + :days::int, 'YYYY-MM-DD') WHERE expires IS NOT NULL;
