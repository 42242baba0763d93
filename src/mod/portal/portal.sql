-- include: mod/portal/portal_int.h

-- name: portal_shipments(order_id i64) :many portal_ids
SELECT id FROM shipment WHERE order_id = :order_id AND state <> 'packing' ORDER BY id;

-- name: portal_cases(order_id i64) :many portal_case
SELECT number, summary, state FROM care_case WHERE order_id = :order_id AND source = 'link' ORDER BY opened_at, id;
