-- include: mod/scan/scan.h

-- What the caller has begun comes first, then who waits longest.
-- name: scan_waves(me i64, n i64) :many scan_wave
SELECT w.id, w.number, w.created_at, MIN(k.name) AS customer, COUNT(*) AS orders,
       CAST(SUM((SELECT COUNT(*) FROM pick_line l WHERE l.pick_id = p.id)) AS BIGINT) AS lines,
       CAST(SUM((SELECT COUNT(*) FROM pick_line l WHERE l.pick_id = p.id AND l.picked IS NOT NULL)) AS BIGINT) AS answered,
       MAX(CASE WHEN EXISTS (SELECT 1 FROM pick_line l WHERE l.pick_id = p.id AND l.picked_by = :me) THEN 1 ELSE 0 END) AS mine
  FROM pick p JOIN wave w ON w.id = p.wave_id JOIN orders o ON o.id = p.order_id JOIN customer k ON k.id = o.customer_id
 WHERE p.state = 'open' GROUP BY w.id, w.number, w.created_at ORDER BY mine DESC, w.id LIMIT :n;

-- name: scan_walk_by_id(id i64) :get scan_walk
SELECT id, number FROM wave WHERE id = :id;

-- name: scan_lines(wave_id i64) :many scan_line
SELECT l.pick_id AS pick, l.line, o.number AS order_number, k.name AS customer, p.sku, p.name, l.warehouse, l.location, l.lot,
       (SELECT COUNT(*) FROM pick b WHERE b.wave_id = i.wave_id AND b.id <= i.id) AS crate,
       s.expires, l.quantity, l.picked, l.short_reason, p.base_unit AS unit, d.nominal_kg,
       COALESCE(u.unit, d.unit) AS case_unit, COALESCE(u.num, d.num) AS num, COALESCE(u.den, d.den) AS den
  FROM pick i JOIN pick_line l ON l.pick_id = i.id JOIN product p ON p.id = l.product_id
  JOIN orders o ON o.id = i.order_id JOIN customer k ON k.id = o.customer_id
  JOIN order_line d ON d.order_id = l.order_id AND d.line = l.order_line
  LEFT JOIN product_unit u ON u.product_id = l.product_id AND u.default_sales = 1
  LEFT JOIN stock_lot s ON s.product_id = l.product_id AND s.warehouse = l.warehouse AND s.location = l.location AND s.lot = l.lot
 WHERE i.wave_id = :wave_id AND i.state = 'open' ORDER BY l.warehouse, l.location, p.sku, l.lot, i.id, l.line;

-- name: scan_codes(wave_id i64) :many scan_code
SELECT p.sku, p.barcode AS code FROM pick i JOIN pick_line l ON l.pick_id = i.id JOIN product p ON p.id = l.product_id
 WHERE i.wave_id = :wave_id AND i.state = 'open' AND p.barcode IS NOT NULL
UNION
SELECT p.sku, u.barcode FROM pick i JOIN pick_line l ON l.pick_id = i.id JOIN product p ON p.id = l.product_id
  JOIN product_unit u ON u.product_id = p.id
 WHERE i.wave_id = :wave_id AND i.state = 'open' AND u.barcode IS NOT NULL
 ORDER BY 1, 2;
