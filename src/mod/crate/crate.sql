-- include: mod/crate/crate_int.h

-- name: crate_kind_put() :each crate_kind
INSERT INTO crate_kind (code, name, form, tare, deposit, active) VALUES (:code, :name, :form, :tare_kg, :deposit, :active)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, form = excluded.form, tare = excluded.tare, deposit = excluded.deposit,
       active = excluded.active;

-- name: crate_kind_list(every bool) :many crate_kind
SELECT k.code, k.name, k.form, k.tare AS tare_kg, k.deposit, k.active,
       CAST(COALESCE((SELECT SUM(b.count) FROM crate_balance b WHERE b.crate = k.code), 0) AS BIGINT) AS "out"
  FROM crate_kind k WHERE k.active = 1 OR :every = 1 ORDER BY k.code;

-- name: crate_kind_find(code str) :find crate_kind
SELECT code, name, form, tare AS tare_kg, deposit, active FROM crate_kind WHERE code = :code;

-- name: crate_load_put(shipment_id i64, crate str, count i64) :exec
INSERT INTO crate_load (shipment_id, crate, count) VALUES (:shipment_id, :crate, :count)
    ON CONFLICT (shipment_id, crate) DO UPDATE SET count = excluded.count;

-- name: crate_load_more() :each crate_load
INSERT INTO crate_load (shipment_id, crate, count) VALUES (:shipment_id, :crate, :count)
    ON CONFLICT (shipment_id, crate) DO UPDATE SET count = crate_load.count + excluded.count;

-- name: crate_load_drop(shipment_id i64, crate str) :exec
DELETE FROM crate_load WHERE shipment_id = :shipment_id AND crate = :crate;

-- What was charged is what counts; while nothing was, what the kinds say today.
-- name: crate_load_list(shipment_id i64) :many crate_load
SELECT l.shipment_id, l.crate, k.name, l.count, CAST(COALESCE(m.back, 0) AS BIGINT) AS back,
       CAST(CASE WHEN COALESCE(m.gone, 0) > 0 THEN m.charged ELSE l.count * k.deposit END AS BIGINT) AS deposit
  FROM crate_load l JOIN crate_kind k ON k.code = l.crate
  LEFT JOIN (SELECT crate, -SUM(CASE WHEN what = 'back' THEN count ELSE 0 END) AS back,
                    SUM(CASE WHEN what IN ('out', 'undo') THEN count ELSE 0 END) AS gone,
                    SUM(CASE WHEN what IN ('out', 'undo') THEN amount ELSE 0 END) AS charged
               FROM crate_move WHERE shipment_id = :shipment_id GROUP BY crate) AS m ON m.crate = l.crate
 WHERE l.shipment_id = :shipment_id ORDER BY l.crate;

-- What an undone dispatch takes back: all that is out by it.
-- name: crate_gone_list(shipment_id i64) :many crate_move
SELECT crate, CAST(SUM(count) AS BIGINT) AS count, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(booked) AS BIGINT) AS booked
  FROM crate_move WHERE shipment_id = :shipment_id AND what IN ('out', 'undo') GROUP BY crate HAVING SUM(count) <> 0 ORDER BY crate;

-- name: crate_owed_of(shipment_id i64) :i64
SELECT CAST(COALESCE(SUM(booked), 0) AS BIGINT) FROM crate_move WHERE shipment_id = :shipment_id;

-- name: crate_move_insert() :each crate_move
INSERT INTO crate_move (id, customer_id, crate, what, count, amount, booked, shipment_id, note, moved_by, at)
VALUES (:id, :customer_id, :crate, :what, :count, :amount, :booked, :shipment_id, :note, :moved_by, :at);

-- name: crate_balance_move() :each crate_move
INSERT INTO crate_balance (customer_id, crate, count, amount) VALUES (:customer_id, :crate, :count, :amount)
    ON CONFLICT (customer_id, crate) DO UPDATE SET count = crate_balance.count + excluded.count,
       amount = crate_balance.amount + excluded.amount;

-- name: crate_balance_of(customer_id i64, crate str) :find crate_held
SELECT customer_id, crate, count, amount FROM crate_balance WHERE customer_id = :customer_id AND crate = :crate FOR UPDATE;

-- name: crate_held_list(customer_id i64) :many crate_held
SELECT b.customer_id, b.crate, k.name, b.count, b.amount
  FROM crate_balance b JOIN crate_kind k ON k.code = b.crate WHERE b.customer_id = :customer_id AND (b.count <> 0 OR b.amount <> 0) ORDER BY b.crate;

-- By time: ids come in blocks, so those of two lanes do not stand in the order of the moves.
-- name: crate_move_page(customer_id i64, before_id i64, n i64) :many crate_move
SELECT m.id, m.customer_id, m.crate, k.name, m.what, m.count, m.amount, m.booked, m.shipment_id, s.number, m.note, u.name AS who, m.at
  FROM crate_move m JOIN crate_kind k ON k.code = m.crate LEFT JOIN shipment s ON s.id = m.shipment_id
  LEFT JOIN user_account u ON u.id = m.moved_by
 WHERE m.customer_id = :customer_id
   AND (:before_id IS NULL OR m.at < (SELECT at FROM crate_move WHERE id = :before_id)
     OR (m.at = (SELECT at FROM crate_move WHERE id = :before_id) AND m.id < :before_id))
 ORDER BY m.at DESC, m.id DESC LIMIT :n;

-- name: crate_forget(customer_id i64) :exec
UPDATE crate_move SET note = NULL WHERE customer_id = :customer_id;

-- Verify: a balance is the sum of its moves, and nobody has less than none.
-- name: crate_check_balance() :many broken
SELECT k.code AS what, b.count AS have, CAST(COALESCE(m.count, 0) AS BIGINT) AS want
  FROM crate_balance b JOIN customer k ON k.id = b.customer_id
  LEFT JOIN (SELECT customer_id, crate, SUM(count) AS count, SUM(amount) AS amount FROM crate_move GROUP BY customer_id, crate) AS m
    ON m.customer_id = b.customer_id AND m.crate = b.crate
 WHERE b.count <> COALESCE(m.count, 0) OR b.amount <> COALESCE(m.amount, 0) OR b.count < 0 LIMIT 10;

-- What stands on a shipment that left is what went onto the balance by it.
-- name: crate_check_loads() :many broken
SELECT s.number AS what, CAST(COALESCE(m.count, 0) AS BIGINT) AS have, CASE WHEN s.state = 'packing' THEN 0 ELSE l.count END AS want
  FROM crate_load l JOIN shipment s ON s.id = l.shipment_id
  LEFT JOIN (SELECT shipment_id, crate, SUM(count) AS count FROM crate_move WHERE what IN ('out', 'undo') GROUP BY shipment_id, crate) AS m
    ON m.shipment_id = l.shipment_id AND m.crate = l.crate
 WHERE COALESCE(m.count, 0) <> CASE WHEN s.state = 'packing' THEN 0 ELSE l.count END LIMIT 10;

-- Deposits stand on the account as the crates moved.
-- name: crate_check_money() :many broken
SELECT k.code AS what, CAST(COALESCE(e.amount, 0) AS BIGINT) AS have, CAST(m.booked AS BIGINT) AS want
  FROM (SELECT customer_id, SUM(booked) AS booked FROM crate_move GROUP BY customer_id) AS m
  JOIN customer k ON k.id = m.customer_id
  LEFT JOIN (SELECT customer_id, SUM(amount) AS amount FROM account_entry WHERE kind = 'crates' GROUP BY customer_id) AS e
    ON e.customer_id = m.customer_id
 WHERE COALESCE(e.amount, 0) <> m.booked LIMIT 10;

-- name: crate_move_count() :i64
SELECT COUNT(*) FROM crate_move;
