-- include: mod/shortage/shortage.h

-- Product by product and day: what approved orders want and lack, and what orders in review ask for. Whether there is too little
-- of it is known for sure only with the dates of the lots; here stands what may be short.
-- name: shortage_list(n i64) :many shortage
SELECT s.product_id AS id, p.sku, p.name, p.base_unit, s.day, COUNT(DISTINCT s.order_id) AS orders_n,
       CAST(SUM(s.held) AS BIGINT) AS held, CAST(SUM(s.lacking) AS BIGINT) AS lacking, CAST(SUM(s.asked) AS BIGINT) AS in_review,
       CAST(SUM(s.doubted) AS BIGINT) AS doubtful
  FROM (SELECT l.product_id, o.delivery_date AS day, l.order_id,
               (SELECT COALESCE(SUM(r.quantity - r.bound), 0) FROM stock_reservation r WHERE r.order_id = l.order_id AND r.line = l.line) AS held,
               l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed AS lacking, 0 AS asked,
               CASE WHEN EXISTS (SELECT 1 FROM task t WHERE t.kind = 'shortage' AND t.entity = 'order' AND t.entity_id = o.id AND t.state = 'open')
                    THEN l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed ELSE 0 END AS doubted
          FROM orders o JOIN order_line l ON l.order_id = o.id
         WHERE o.state IN ('approved', 'picking', 'partly_shipped', 'partly_delivered') AND o.decision = 'approved' AND o.on_hold = 0
        UNION ALL
        SELECT l.product_id, o.delivery_date, NULL, 0, 0, l.ordered, 0
          FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.state = 'in_review' AND o.on_hold = 0) AS s
  JOIN product p ON p.id = s.product_id
 GROUP BY s.product_id, p.sku, p.name, p.base_unit, s.day
HAVING SUM(s.lacking) > 0
    OR SUM(s.asked) > COALESCE((SELECT SUM(v.on_hand - v.committed) FROM stock_level v WHERE v.product_id = s.product_id), 0)
    OR EXISTS (SELECT 1 FROM stock_lot v WHERE v.product_id = s.product_id AND v.on_hand > 0 AND (v.quarantined > 0 OR v.expires < s.day))
 ORDER BY s.day, p.sku LIMIT :n;

-- In the order of approval: that is an order's place in the queue.
-- name: shortage_lines(product_id i64, day date) :many short_line
SELECT o.id AS "order", l.line, o.number, k.name AS customer, k.tier, o.approved_at, l.unit, l.num, l.den,
       (SELECT CAST(COALESCE(SUM(r.quantity - r.bound), 0) AS BIGINT) FROM stock_reservation r WHERE r.order_id = l.order_id AND r.line = l.line) AS held,
       l.ordered - l.cancelled - l.shipped - l.reserved - l.picked - l.packed AS lacking,
       CASE WHEN EXISTS (SELECT 1 FROM task t WHERE t.kind = 'shortage' AND t.entity = 'order' AND t.entity_id = o.id AND t.state = 'open')
            THEN 1 ELSE 0 END AS asked
  FROM orders o JOIN order_line l ON l.order_id = o.id JOIN customer k ON k.id = o.customer_id
 WHERE o.delivery_date = :day AND l.product_id = :product_id
   AND o.state IN ('approved', 'picking', 'partly_shipped', 'partly_delivered') AND o.decision = 'approved' AND o.on_hold = 0
   AND l.ordered - l.cancelled - l.shipped - l.picked - l.packed > 0
 ORDER BY o.approved_at, o.id, l.line;

-- name: shortage_in_review(product_id i64, day date) :i64
SELECT CAST(COALESCE(SUM(l.ordered), 0) AS BIGINT) FROM orders o JOIN order_line l ON l.order_id = o.id
 WHERE o.delivery_date = :day AND l.product_id = :product_id AND o.state = 'in_review' AND o.on_hold = 0;

-- name: share_insert(id i64, product_id i64, day date, way str, corrected bool, amount qty, given qty, at time, by i64) :exec
INSERT INTO share (id, product_id, day, way, corrected, amount, given, at, by_id)
VALUES (:id, :product_id, :day, :way, :corrected, :amount, :given, :at, :by);

-- name: share_line_insert :each share_line
INSERT INTO share_line (share_id, order_id, line, wanted, before, share)
VALUES (:share_id, :order, :line, :wanted, :before, :share);

-- name: share_by_id(id i64) :get share
SELECT s.id, s.product_id AS product, p.sku, p.name, p.base_unit, s.day, s.way, s.corrected, s.amount, s.given, s.at, u.name AS who
  FROM share s JOIN product p ON p.id = s.product_id LEFT JOIN user_account u ON u.id = s.by_id WHERE s.id = :id;

-- name: share_latest(n i64) :many share
SELECT s.id, s.product_id AS product, p.sku, p.name, p.base_unit, s.day, s.way, s.corrected, s.amount, s.given, s.at, u.name AS who
  FROM share s JOIN product p ON p.id = s.product_id LEFT JOIN user_account u ON u.id = s.by_id ORDER BY s.id DESC LIMIT :n;

-- name: share_lines_of(share_id i64) :many share_line
SELECT l.share_id, l.order_id AS "order", l.line, o.number, k.name AS customer, k.tier, l.wanted, l.before, l.share
  FROM share_line l JOIN orders o ON o.id = l.order_id JOIN customer k ON k.id = o.customer_id
 WHERE l.share_id = :share_id ORDER BY o.approved_at, l.order_id, l.line;

-- Verify: a sharing gave what its lines say, no more than there was, and nobody more than wanted.
-- name: share_check_sums() :i64
SELECT COUNT(*) FROM share s
 WHERE s.given > s.amount
    OR s.given <> (SELECT COALESCE(SUM(l.share), 0) FROM share_line l WHERE l.share_id = s.id)
    OR EXISTS (SELECT 1 FROM share_line l WHERE l.share_id = s.id AND (l.share < 0 OR l.share > l.wanted));

-- name: share_total() :i64
SELECT COUNT(*) FROM share;
