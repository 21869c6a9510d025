-- What the shop sells and what customers have put into their carts.
--
-- The words of 001_accounts.sql, and one more:
--
--   {{folded}}  text in the form of domain/search_text.hpp, compared byte by byte on both databases, so that LIKE
--               ignores case and ORDER BY is the alphabet's in Russian whatever locale the server has
--
-- Money is whole kopecks, weight is grams. slug names a thing in addresses that customers see.

CREATE TABLE categories (
    id {{id}},
    parent_id {{int}} REFERENCES categories (id),
    name TEXT NOT NULL,
    slug TEXT NOT NULL CONSTRAINT categories_slug_key UNIQUE,
    description TEXT,
    image TEXT,
    is_active {{bool}} NOT NULL DEFAULT TRUE,
    sort_order {{int}} NOT NULL DEFAULT 0,
    seo_title TEXT,
    seo_description TEXT
) {{strict}};

CREATE INDEX categories_parent_id_idx ON categories (parent_id);

CREATE TABLE products (
    id {{id}},
    category_id {{int}} NOT NULL REFERENCES categories (id),
    title TEXT NOT NULL,
    slug TEXT NOT NULL CONSTRAINT products_slug_key UNIQUE,
    tea_type TEXT,
    description TEXT,
    lore_description TEXT,
    -- A JSON object, as it is answered.
    brewing_guide TEXT,
    -- Title first, so that ordering by it orders by title.
    search_text {{folded}} NOT NULL,
    is_active {{bool}} NOT NULL DEFAULT TRUE,
    views_count {{int}} NOT NULL DEFAULT 0,
    seo_title TEXT,
    seo_description TEXT,
    created_at {{time}} NOT NULL
) {{strict}};

CREATE INDEX products_category_id_idx ON products (category_id);

CREATE TABLE product_images (
    id {{id}},
    product_id {{int}} NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    is_main {{bool}} NOT NULL DEFAULT FALSE,
    sort_order {{int}} NOT NULL DEFAULT 0,
    CONSTRAINT product_images_product_id_url_key UNIQUE (product_id, url)
) {{strict}};

CREATE UNIQUE INDEX product_images_main_key ON product_images (product_id) WHERE is_main;

-- A product in one weight: what is bought. The units on the shelf are in quantity or, once an unpaid order holds
-- them, in reserved_quantity, never in both; the database itself refuses to sell what is not there.
CREATE TABLE skus (
    id {{id}},
    product_id {{int}} NOT NULL REFERENCES products (id),
    sku_code TEXT NOT NULL CONSTRAINT skus_sku_code_key UNIQUE,
    weight {{int}} NOT NULL CONSTRAINT skus_weight_check CHECK (weight > 0),
    price_cents {{int}} NOT NULL CONSTRAINT skus_price_cents_check CHECK (price_cents >= 0),
    -- Off the price of one unit.
    discount_cents {{int}} NOT NULL DEFAULT 0
        CONSTRAINT skus_discount_cents_check CHECK (discount_cents BETWEEN 0 AND price_cents),
    quantity {{int}} NOT NULL CONSTRAINT skus_quantity_check CHECK (quantity >= 0),
    reserved_quantity {{int}} NOT NULL DEFAULT 0
        CONSTRAINT skus_reserved_quantity_check CHECK (reserved_quantity >= 0),
    is_active {{bool}} NOT NULL DEFAULT TRUE,
    is_visible {{bool}} NOT NULL DEFAULT TRUE,
    is_limited {{bool}} NOT NULL DEFAULT FALSE,
    sort_order {{int}} NOT NULL DEFAULT 0
) {{strict}};

CREATE INDEX skus_product_id_idx ON skus (product_id, sort_order, id);

-- A customer's cart, or a guest's, who is known by a random session id alone: its SHA-256 is kept, as of tokens.
CREATE TABLE carts (
    id {{id}},
    user_id {{int}} CONSTRAINT carts_user_id_key UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    session_digest TEXT CONSTRAINT carts_session_digest_key UNIQUE,
    updated_at {{time}} NOT NULL,
    CONSTRAINT carts_owner_check CHECK ((user_id IS NULL) <> (session_digest IS NULL))
) {{strict}};

CREATE INDEX carts_guests_idx ON carts (updated_at) WHERE user_id IS NULL;

CREATE TABLE cart_items (
    id {{id}},
    cart_id {{int}} NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    sku_id {{int}} NOT NULL REFERENCES skus (id) ON DELETE CASCADE,
    quantity {{int}} NOT NULL CONSTRAINT cart_items_quantity_check CHECK (quantity > 0),
    CONSTRAINT cart_items_cart_id_sku_id_key UNIQUE (cart_id, sku_id)
) {{strict}};

CREATE INDEX cart_items_sku_id_idx ON cart_items (sku_id);
