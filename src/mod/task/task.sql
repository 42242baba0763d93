-- include: mod/task/task_view.h

-- name: task_insert(id i64, kind str, role str, order_id i64, entity str, entity_id i64, data str, due_at time, assigned_to i64, created_by i64, at time) :count
INSERT INTO task (id, kind, role, order_id, entity, entity_id, state, data, due_at, assigned_to, created_by, created_at)
VALUES (:id, :kind, :role, :order_id, :entity, :entity_id, 'open', :data, :due_at, :assigned_to, :created_by, :at)
    ON CONFLICT (kind, entity, entity_id) WHERE state = 'open' DO NOTHING;

-- name: task_open_of(kind str, entity str, entity_id i64) :i64
SELECT id FROM task WHERE kind = :kind AND entity = :entity AND entity_id = :entity_id AND state = 'open';

-- name: task_hand_over(id i64, user_id i64) :count
UPDATE task SET assigned_to = :user_id, version = version + 1
 WHERE id = :id AND state = 'open' AND (assigned_to IS NULL OR assigned_to <> :user_id);

-- name: task_end(id i64, by i64, at time, outcome str) :count
UPDATE task SET state = 'done', done_by = :by, done_at = :at, outcome = :outcome, version = version + 1
 WHERE id = :id AND state = 'open';

-- name: task_get(id i64) :get task_item
SELECT t.id, t.version, t.kind, t.role, t.order_id, t.entity, t.entity_id, t.state, t.data, t.due_at, t.created_at, t.done_at,
       t.assigned_to, t.created_by, t.done_by, t.outcome, o.number, k.name AS customer
  FROM task t LEFT JOIN orders o ON o.id = t.order_id LEFT JOIN customer k ON k.id = o.customer_id
 WHERE t.id = :id;

-- What is due first stands first.
-- name: task_page(role str, after_due i64, after_id i64, n i64) :many task_item
SELECT t.id, t.version, t.kind, t.role, t.order_id, t.entity, t.entity_id, t.state, t.data, t.due_at, t.created_at, t.done_at,
       t.assigned_to, t.created_by, t.done_by, t.outcome, o.number, k.name AS customer
  FROM task t LEFT JOIN orders o ON o.id = t.order_id LEFT JOIN customer k ON k.id = o.customer_id
 WHERE t.state = 'open' AND (:role IS NULL OR t.role = :role)
   AND (t.due_at > :after_due OR (t.due_at = :after_due AND t.id > :after_id))
 ORDER BY t.due_at, t.id LIMIT :n;

-- What is done stays done; what was written on it goes with the person it was about.
-- name: task_words_forget(customer_id i64) :exec
UPDATE task SET data = '{}'
 WHERE state <> 'open' AND order_id IN (SELECT id FROM orders WHERE customer_id = :customer_id);
