-- The least PostgreSQL can do to keep 64 orders of ten lines, in two set-based statements and one commit.
BEGIN;
WITH o AS (INSERT INTO limit_order (customer, delivery_date) SELECT 'K' || g, '2026-11-26' FROM generate_series(1, 64) AS g RETURNING id)
INSERT INTO limit_line (order_id, line, sku, quantity) SELECT o.id, n, 'B' || n, n::text FROM o, generate_series(1, 10) AS n;
COMMIT;
