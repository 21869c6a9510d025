-- Orders and their payments. The words are those of 001_accounts.sql; money is whole kopecks.
--
-- Whoever changes an order, its payment or the stock that it holds locks the order's row first and SKUs last, these in
-- the order of their ids: then nobody waits in a circle.

CREATE TABLE orders (
    id {{id}},
    -- An order outlives its customer's account.
    user_id {{int}} REFERENCES users (id) ON DELETE SET NULL,
    status TEXT NOT NULL CONSTRAINT orders_status_check CHECK (status IN (
        'awaiting_payment', 'paid', 'processing', 'ready_for_pickup', 'shipped', 'delivered', 'cancelled')),
    -- The goods before discounts; to_pay = goods - discount + delivery.
    goods_cents {{int}} NOT NULL CONSTRAINT orders_goods_cents_check CHECK (goods_cents >= 0),
    discount_cents {{int}} NOT NULL CONSTRAINT orders_discount_cents_check CHECK (discount_cents >= 0),
    delivery_cents {{int}} NOT NULL CONSTRAINT orders_delivery_cents_check CHECK (delivery_cents >= 0),
    to_pay_cents {{int}} NOT NULL CONSTRAINT orders_to_pay_cents_check CHECK (to_pay_cents >= 0),
    delivery_method TEXT NOT NULL
        CONSTRAINT orders_delivery_method_check CHECK (delivery_method IN ('pickup', 'russian_post')),
    postal_code TEXT,
    address TEXT,
    -- The contact: NULL once the customer's account is gone and the order has ended.
    firstname TEXT,
    lastname TEXT,
    middlename TEXT,
    phone TEXT,
    email TEXT,
    tracking_number TEXT,
    created_at {{time}} NOT NULL,
    updated_at {{time}} NOT NULL
) {{strict}};

-- A customer's orders, newest first.
CREATE INDEX orders_user_id_idx ON orders (user_id, id);

-- What may expire, oldest first.
CREATE INDEX orders_awaiting_payment_idx ON orders (created_at, id) WHERE status = 'awaiting_payment';

-- What the staff has to do.
CREATE INDEX orders_to_do_idx ON orders (status, id)
    WHERE status IN ('paid', 'processing', 'ready_for_pickup', 'shipped');

-- Titles and prices are those of the moment of ordering, whatever becomes of the SKU.
CREATE TABLE order_items (
    id {{id}},
    order_id {{int}} NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    sku_id {{int}} NOT NULL REFERENCES skus (id),
    title TEXT NOT NULL,
    sku_info TEXT NOT NULL,
    -- Of one, the discount taken off, and the discount.
    price_cents {{int}} NOT NULL CONSTRAINT order_items_price_cents_check CHECK (price_cents >= 0),
    discount_cents {{int}} NOT NULL CONSTRAINT order_items_discount_cents_check CHECK (discount_cents >= 0),
    quantity {{int}} NOT NULL CONSTRAINT order_items_quantity_check CHECK (quantity > 0),
    CONSTRAINT order_items_order_id_sku_id_key UNIQUE (order_id, sku_id)
) {{strict}};

CREATE INDEX order_items_sku_id_idx ON order_items (sku_id);

CREATE TABLE payments (
    id {{id}},
    order_id {{int}} NOT NULL CONSTRAINT payments_order_id_key UNIQUE REFERENCES orders (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    external_id TEXT NOT NULL,
    url TEXT NOT NULL,
    amount_cents {{int}} NOT NULL CONSTRAINT payments_amount_cents_check CHECK (amount_cents >= 0),
    status TEXT NOT NULL CONSTRAINT payments_status_check CHECK (status IN ('pending', 'succeeded', 'failed')),
    flag TEXT NOT NULL CONSTRAINT payments_flag_check CHECK (flag IN ('none', 'refund', 'mismatch')),
    -- The body of the notice that decided it.
    provider_response TEXT,
    created_at {{time}} NOT NULL,
    updated_at {{time}} NOT NULL,
    CONSTRAINT payments_provider_external_id_key UNIQUE (provider, external_id)
) {{strict}};

-- Payments that somebody has to look at.
CREATE INDEX payments_flag_idx ON payments (flag, id) WHERE flag <> 'none';

-- Every notice that was ever received, once.
CREATE TABLE payment_events (
    id {{id}},
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    -- NULL: nothing here has such a payment.
    payment_id {{int}} REFERENCES payments (id) ON DELETE CASCADE,
    effect TEXT NOT NULL CONSTRAINT payment_events_effect_check
        CHECK (effect IN ('none', 'pay', 'cancel', 'refund', 'mismatch', 'unknown')),
    body TEXT NOT NULL,
    received_at {{time}} NOT NULL,
    CONSTRAINT payment_events_provider_event_id_key UNIQUE (provider, event_id)
) {{strict}};

CREATE INDEX payment_events_payment_id_idx ON payment_events (payment_id);

-- Requests that must not be carried out twice, by the customer's own name for each. See db/idempotency_keys.hpp.
CREATE TABLE idempotency_keys (
    user_id {{int}} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- SHA-256 of what was asked.
    digest TEXT NOT NULL,
    -- Who carries it out, and until when nobody else may.
    claim TEXT NOT NULL,
    claimed_until {{time}} NOT NULL,
    -- NULL: not answered yet.
    answer TEXT,
    created_at {{time}} NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, name)
) {{strict}};

CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
