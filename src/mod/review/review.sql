-- include: mod/review/review.h
-- include: mod/review/review_view.h

-- name: review_insert(id i64, order_id i64, order_version i64, due_at time, checks str, worst str, at time) :exec
INSERT INTO review (id, order_id, order_version, state, due_at, checks, worst, created_at)
VALUES (:id, :order_id, :order_version, 'open', :due_at, :checks, :worst, :at);

-- name: review_by_id(id i64) :get review
SELECT id, order_id, order_version, version, state, decision, due_at, created_at, claimed_at, decided_at, escalated, claimed_by,
       decided_by, checks, worst, overrides, note
  FROM review WHERE id = :id FOR UPDATE;

-- name: review_open_of(order_id i64) :find review
SELECT id, order_id, order_version, version, state, decision, due_at, created_at, claimed_at, decided_at, escalated, claimed_by,
       decided_by, checks, worst, overrides, note
  FROM review WHERE order_id = :order_id AND state IN ('open', 'claimed') ORDER BY id DESC LIMIT 1;

-- name: review_decide(id i64, seen i64, state str, decision str, checks str, worst str, overrides str, note str, decided_by i64, at time) :count
UPDATE review
   SET version = version + 1, state = :state, decision = :decision, checks = :checks, worst = :worst, overrides = :overrides,
       note = :note, decided_by = :decided_by, decided_at = :at
 WHERE id = :id AND version = :seen AND state IN ('open', 'claimed');

-- name: review_claim_by(id i64, who i64, at time) :count
UPDATE review SET state = 'claimed', claimed_by = :who, claimed_at = :at, version = version + 1 WHERE id = :id AND state = 'open';

-- name: review_order_seen(order_id i64, order_version i64) :exec
UPDATE review SET order_version = :order_version WHERE order_id = :order_id AND state IN ('open', 'claimed');

-- name: review_queue(n i64) :many review_item
SELECT r.id, r.version, r.order_id, o.number, k.name AS customer_name, r.state, r.worst, r.checks, o.total, o.delivery_date, r.due_at, r.escalated
  FROM review r JOIN orders o ON o.id = r.order_id JOIN customer k ON k.id = o.customer_id
 WHERE r.state IN ('open', 'claimed')
 ORDER BY r.due_at, r.id LIMIT :n;

-- name: review_list_page(state str, before_id i64, n i64) :many review_item
SELECT r.id, r.version, r.order_id, o.number, k.name AS customer_name, r.state, r.decision, r.worst, r.checks, o.total, o.delivery_date, r.due_at, r.escalated
  FROM review r JOIN orders o ON o.id = r.order_id JOIN customer k ON k.id = o.customer_id
 WHERE r.id < :before_id AND (:state IS NULL OR r.state = :state)
 ORDER BY r.id DESC LIMIT :n;

-- name: review_open_counts() :many order_count
SELECT worst AS state, COUNT(*) AS n FROM review WHERE state IN ('open', 'claimed') GROUP BY worst;

-- name: review_overdue(now time) :many review
SELECT id, order_id, version, state, due_at FROM review WHERE state IN ('open', 'claimed') AND escalated = 0 AND due_at < :now LIMIT 200;

-- name: review_escalate(id i64) :exec
UPDATE review SET escalated = 1 WHERE id = :id;

-- name: review_author(id i64) :str
SELECT name FROM user_account WHERE id = :id;

-- Verify 7: every approved order has one approving review by someone who neither entered nor confirmed it.
-- name: review_check_four_eyes() :many broken
SELECT o.number AS what, r.decided_by AS have, o.created_by AS want
  FROM orders o LEFT JOIN review r ON r.id = (SELECT MAX(x.id) FROM review x WHERE x.order_id = o.id AND x.decision = 'approve')
 WHERE o.approved_at IS NOT NULL AND o.decision IN ('approved', 'completed', 'archived')
   AND (r.id IS NULL OR r.decided_by = o.created_by OR r.decided_by = o.confirmed_by)
 LIMIT 10;

-- name: review_count_all() :i64
SELECT COUNT(*) FROM review;

-- name: review_rule_insert() :each review_rule
INSERT INTO review_rule (id, name, max_total, tier, channel, active, created_by, created_at)
VALUES (:id, :name, :max_total, :tier, :channel, :active, :created_by, :created_at);

-- name: review_rule_list() :many review_rule
SELECT r.id, r.version, r.name, r.max_total, r.tier, r.channel, r.active, r.created_by, u.name AS author, r.created_at, r.stopped_at,
       (SELECT COUNT(*) FROM review v WHERE v.rule_id = r.id) AS used
  FROM review_rule r LEFT JOIN user_account u ON u.id = r.created_by ORDER BY r.active DESC, r.id;

-- name: review_rule_get(id i64) :get review_rule
SELECT r.id, r.version, r.name, r.max_total, r.tier, r.channel, r.active, r.created_by, u.name AS author, r.created_at, r.stopped_at,
       (SELECT COUNT(*) FROM review v WHERE v.rule_id = r.id) AS used
  FROM review_rule r LEFT JOIN user_account u ON u.id = r.created_by WHERE r.id = :id;

-- name: review_rule_stop(id i64, by i64, at time) :count
UPDATE review_rule SET active = 0, stopped_by = :by, stopped_at = :at, version = version + 1 WHERE id = :id AND active = 1;

-- The rule that lets this order pass: its author still reviews, and neither entered nor confirmed it.
-- name: review_rule_for(order_id i64) :find review_rule
SELECT r.id, r.name, r.max_total, r.created_by
  FROM review_rule r
  JOIN orders o ON o.id = :order_id
  JOIN customer k ON k.id = o.customer_id
  JOIN user_account u ON u.id = r.created_by AND u.active = 1 AND u.role = 'reviewer'
 WHERE r.active = 1 AND o.on_hold = 0 AND o.total <= r.max_total AND (r.tier IS NULL OR r.tier = k.tier) AND (r.channel IS NULL OR r.channel = o.channel)
   AND r.created_by <> o.created_by AND (o.confirmed_by IS NULL OR r.created_by <> o.confirmed_by)
 ORDER BY r.id LIMIT 1;

-- name: review_by_rule(id i64, rule_id i64) :exec
UPDATE review SET rule_id = :rule_id WHERE id = :id;
