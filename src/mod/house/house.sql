-- include: mod/house/house.h
-- include: mod/house/house_view.h

-- name: count_insert(id i64, number str, warehouse str, zone str, by i64, at time) :exec
INSERT INTO house_count (id, number, state, warehouse, zone, created_by, created_at)
VALUES (:id, :number, 'open', :warehouse, :zone, :by, :at);

-- What lies there, in walking order; with a number, those lots that were counted longest ago.
-- name: count_lots(warehouse str, zone str, zone_end str, product_id i64, n i64) :many count_line
SELECT l.product_id, l.warehouse, l.location, l.lot
  FROM stock_lot l
 WHERE l.on_hand > 0 AND (:warehouse IS NULL OR l.warehouse = :warehouse) AND (:product_id IS NULL OR l.product_id = :product_id)
   AND (:zone IS NULL OR (l.location >= :zone AND l.location < :zone_end))
   AND NOT EXISTS (SELECT 1 FROM house_count_line x JOIN house_count k ON k.id = x.count_id AND k.state = 'open'
                    WHERE x.product_id = l.product_id AND x.warehouse = l.warehouse AND x.location = l.location AND x.lot = l.lot)
 ORDER BY COALESCE((SELECT MAX(x.counted_at) FROM house_count_line x
                     WHERE x.product_id = l.product_id AND x.warehouse = l.warehouse AND x.location = l.location AND x.lot = l.lot), 0) *
          CASE WHEN :n IS NULL THEN 0 ELSE 1 END, l.warehouse, l.location, l.product_id, l.lot
 LIMIT COALESCE(:n, 2001);

-- name: count_line_insert() :each count_line
INSERT INTO house_count_line (count_id, line, product_id, warehouse, location, lot)
VALUES (:count_id, :line, :product_id, :warehouse, :location, :lot);

-- name: count_by_id(id i64) :get count
SELECT k.id, k.version, k.number, k.state, k.warehouse, k.zone, k.created_by, u.name AS author, k.created_at, k.closed_at,
       (SELECT COUNT(*) FROM house_count_line l WHERE l.count_id = k.id) AS lines_n,
       (SELECT COUNT(*) FROM house_count_line l WHERE l.count_id = k.id AND (l.counted IS NULL OR l.again = 1)) AS open_n
  FROM house_count k LEFT JOIN user_account u ON u.id = k.created_by WHERE k.id = :id;

-- name: count_page(before_id i64, n i64) :many count
SELECT k.id, k.version, k.number, k.state, k.warehouse, k.zone, k.created_by, u.name AS author, k.created_at, k.closed_at,
       (SELECT COUNT(*) FROM house_count_line l WHERE l.count_id = k.id) AS lines_n,
       (SELECT COUNT(*) FROM house_count_line l WHERE l.count_id = k.id AND (l.counted IS NULL OR l.again = 1)) AS open_n
  FROM house_count k LEFT JOIN user_account u ON u.id = k.created_by WHERE k.id < :before_id ORDER BY k.id DESC LIMIT :n;

-- name: count_lines_of(count_id i64) :many count_line
SELECT l.count_id, l.line, l.product_id, p.sku, p.name, p.base_unit AS unit, l.warehouse, l.location, l.lot, s.expires, l.seen, l.counted,
       l.counted_by, u.name AS who, l.again
  FROM house_count_line l JOIN product p ON p.id = l.product_id
  LEFT JOIN user_account u ON u.id = l.counted_by
  LEFT JOIN stock_lot s ON s.product_id = l.product_id AND s.warehouse = l.warehouse AND s.location = l.location AND s.lot = l.lot
 WHERE l.count_id = :count_id ORDER BY l.line;

-- name: count_line_of(count_id i64, line i64) :find count_line
SELECT l.count_id, l.line, l.product_id, p.sku, p.name, p.base_unit AS unit, l.warehouse, l.location, l.lot, l.seen, l.counted, l.counted_by, l.again
  FROM house_count_line l JOIN product p ON p.id = l.product_id WHERE l.count_id = :count_id AND l.line = :line;

-- What the books say of one lot, and how much of it is in somebody's hands.
-- name: count_books(product_id i64, warehouse str, location str, lot str) :find books
SELECT on_hand, bound FROM stock_lot
 WHERE product_id = :product_id AND warehouse = :warehouse AND location = :location AND lot = :lot;

-- name: count_line_answer(count_id i64, line i64, seen qty, counted qty, by i64, at time, again bool) :exec
UPDATE house_count_line SET seen = :seen, counted = :counted, counted_by = :by, counted_at = :at, again = :again
 WHERE count_id = :count_id AND line = :line;

-- name: count_touch(id i64) :count
UPDATE house_count SET version = version + 1 WHERE id = :id AND state = 'open';

-- name: count_end(id i64, seen i64, state str, by i64, at time) :count
UPDATE house_count SET state = :state, closed_by = :by, closed_at = :at, version = version + 1
 WHERE id = :id AND version = :seen AND state = 'open';

-- name: house_minimum_set(product_id i64, quantity qty) :exec
INSERT INTO house_minimum (product_id, quantity) VALUES (:product_id, :quantity)
    ON CONFLICT (product_id) DO UPDATE SET quantity = excluded.quantity;

-- name: house_low(n i64) :many low_item
SELECT p.id, p.sku, p.name, p.base_unit, m.quantity AS minimum, CAST(COALESCE(SUM(s.on_hand - s.committed), 0) AS BIGINT) AS free
  FROM house_minimum m JOIN product p ON p.id = m.product_id AND p.active = 1
  LEFT JOIN stock_level s ON s.product_id = m.product_id
 WHERE m.quantity > 0
 GROUP BY p.id, p.sku, p.name, p.base_unit, m.quantity
HAVING COALESCE(SUM(s.on_hand - s.committed), 0) < m.quantity
 ORDER BY p.sku LIMIT :n;

-- name: house_expiring(until date, n i64) :many expiring_item
SELECT p.id, p.sku, p.name, p.base_unit, l.warehouse, l.location, l.lot, l.expires, l.on_hand, l.bound, l.quarantined
  FROM stock_lot l JOIN product p ON p.id = l.product_id
 WHERE l.expires IS NOT NULL AND l.on_hand > 0 AND l.expires <= :until
 ORDER BY l.expires, l.warehouse, l.location LIMIT :n;

-- The books as they stood: what had moved until then.
-- name: house_as_of(product_id i64, at time) :many as_of_item
SELECT warehouse, location, lot, CAST(SUM(quantity) AS BIGINT) AS quantity
  FROM stock_movement WHERE product_id = :product_id AND at <= :at
 GROUP BY warehouse, location, lot HAVING SUM(quantity) <> 0 ORDER BY warehouse, location, lot;

-- A closed count is answered to its last line, and its movements are its differences.
-- name: count_check_closed() :i64
SELECT COUNT(*) FROM house_count k
  LEFT JOIN (SELECT count_id, SUM(counted - seen) AS difference, SUM(CASE WHEN counted IS NULL OR again = 1 THEN 1 ELSE 0 END) AS open
               FROM house_count_line GROUP BY count_id) AS l ON l.count_id = k.id
  LEFT JOIN (SELECT note, SUM(quantity) AS booked FROM stock_movement WHERE reason = 'count' GROUP BY note) AS m ON m.note = k.number
 WHERE k.state = 'closed' AND (l.open > 0 OR COALESCE(l.difference, 0) <> COALESCE(m.booked, 0));

-- name: count_total() :i64
SELECT COUNT(*) FROM house_count;
