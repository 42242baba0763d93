-- include: mod/portal/portal_int.h

-- name: portal_shipments(order_id i64) :many portal_shipment
SELECT s.id AS shipment, s.version, s.number, s.state, COALESCE(k.name, s.carrier) AS carrier, s.tracking_number, s.track_state,
       s.promised_on, s.dispatched_at, s.receipt_at
  FROM shipment s LEFT JOIN carrier k ON k.code = s.carrier
 WHERE s.order_id = :order_id AND s.state <> 'packing' ORDER BY s.created_at, s.id;

-- name: portal_goods_list(shipments i64s) :many portal_goods
SELECT l.shipment_id, l.line, p.name, p.base_unit AS unit, l.quantity, l.received, l.refused
  FROM shipment_line l JOIN shipment s ON s.id = l.shipment_id JOIN product p ON p.id = l.product_id
 WHERE l.shipment_id IN (:shipments) ORDER BY s.created_at, s.id, l.line;

-- name: portal_event_list(shipments i64s) :many portal_event
SELECT t.shipment_id, t.at, t.state, t.place, t.note AS text
  FROM tracking t JOIN shipment s ON s.id = t.shipment_id
 WHERE t.shipment_id IN (:shipments) ORDER BY s.created_at, s.id, t.at DESC, t.id DESC;

-- name: portal_packages(shipment_id i64) :i64
SELECT COUNT(*) FROM package WHERE shipment_id = :shipment_id;

-- name: portal_cases(order_id i64) :many portal_case
SELECT number, summary, state FROM care_case WHERE order_id = :order_id AND source = 'link' ORDER BY opened_at, id;

-- name: portal_cases_since(order_id i64, at time) :i64
SELECT COUNT(*) FROM care_case WHERE order_id = :order_id AND source = 'link' AND opened_at > :at;
