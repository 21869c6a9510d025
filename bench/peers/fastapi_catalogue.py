"""GET a product as FastAPI, Pydantic and SQLAlchemy's asynchronous ORM do it, on the database that the shop made.

DATABASE names the SQLite file. Run by bench/catalogue under uvicorn with uvloop and httptools.
"""

import datetime
import json
import os

import fastapi
import pydantic
import sqlalchemy as sql
from sqlalchemy import orm
from sqlalchemy.ext import asyncio as sql_async


class Base(orm.DeclarativeBase):
    pass


class Category(Base):
    __tablename__ = "categories"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    parent_id: orm.Mapped[int | None] = orm.mapped_column(sql.ForeignKey("categories.id"))
    name: orm.Mapped[str]
    slug: orm.Mapped[str]
    description: orm.Mapped[str | None]
    image: orm.Mapped[str | None]
    is_active: orm.Mapped[bool]
    seo_title: orm.Mapped[str | None]
    seo_description: orm.Mapped[str | None]


class Image(Base):
    __tablename__ = "product_images"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    product_id: orm.Mapped[int] = orm.mapped_column(sql.ForeignKey("products.id"))
    url: orm.Mapped[str]
    is_main: orm.Mapped[bool]
    sort_order: orm.Mapped[int]


class Sku(Base):
    __tablename__ = "skus"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    product_id: orm.Mapped[int] = orm.mapped_column(sql.ForeignKey("products.id"))
    sku_code: orm.Mapped[str]
    weight: orm.Mapped[int]
    price_cents: orm.Mapped[int]
    discount_cents: orm.Mapped[int]
    quantity: orm.Mapped[int]
    reserved_quantity: orm.Mapped[int]
    is_active: orm.Mapped[bool]
    is_visible: orm.Mapped[bool]
    is_limited: orm.Mapped[bool]
    sort_order: orm.Mapped[int]


class Product(Base):
    __tablename__ = "products"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    category_id: orm.Mapped[int] = orm.mapped_column(sql.ForeignKey("categories.id"))
    title: orm.Mapped[str]
    slug: orm.Mapped[str]
    tea_type: orm.Mapped[str | None]
    description: orm.Mapped[str | None]
    lore_description: orm.Mapped[str | None]
    brewing_guide: orm.Mapped[str | None]
    is_active: orm.Mapped[bool]
    views_count: orm.Mapped[int]
    seo_title: orm.Mapped[str | None]
    seo_description: orm.Mapped[str | None]
    created_at: orm.Mapped[int]
    category: orm.Mapped[Category] = orm.relationship()
    images: orm.Mapped[list[Image]] = orm.relationship(order_by=(Image.sort_order, Image.id))
    skus: orm.Mapped[list[Sku]] = orm.relationship(order_by=(Sku.sort_order, Sku.id))


class View(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(from_attributes=True)


class CategoryView(View):
    id: int
    name: str
    slug: str
    description: str | None
    image: str | None
    parent_id: int | None
    is_active: bool
    seo_title: str | None
    seo_description: str | None


class ImageView(View):
    id: int
    url: str
    is_main: bool
    sort_order: int


class SkuView(View):
    id: int
    sku_code: str
    weight: int
    price_cents: int
    discount_cents: int
    quantity: int
    reserved_quantity: int
    is_active: bool
    is_visible: bool
    is_limited: bool
    sort_order: int


class ProductView(View):
    id: int
    title: str
    slug: str
    tea_type: str | None
    description: str | None
    lore_description: str | None
    brewing_guide: dict | None
    category_id: int
    is_active: bool
    created_at: datetime.datetime
    views_count: int
    likes_count: int = 0
    comments_count: int = 0
    is_liked: bool = False
    seo_title: str | None
    seo_description: str | None
    images: list[ImageView]
    skus: list[SkuView]
    category: CategoryView

    @pydantic.field_validator("brewing_guide", mode="before")
    @classmethod
    def read_guide(cls, text):
        return None if text is None else json.loads(text)

    @pydantic.field_validator("created_at", mode="before")
    @classmethod
    def read_time(cls, microseconds):
        return datetime.datetime.fromtimestamp(microseconds / 1e6, datetime.UTC)


_root = sql.select(Category.id).where(Category.parent_id.is_(None), Category.is_active)
_shown = _root.cte("shown", recursive=True)
_shown = _shown.union_all(sql.select(Category.id).join(_shown, Category.parent_id == _shown.c.id)
                          .where(Category.is_active))
_by_slug = (sql.select(Product)
            .where(Product.slug == sql.bindparam("slug"), Product.is_active,
                   Product.category_id.in_(sql.select(_shown.c.id)))
            .options(orm.joinedload(Product.category), orm.selectinload(Product.images),
                     orm.selectinload(Product.skus.and_(Sku.is_active, Sku.is_visible))))

engine = sql_async.create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
sessions = sql_async.async_sessionmaker(engine)
app = fastapi.FastAPI()


async def session():
    async with sessions() as opened:
        yield opened


@app.get("/api/v1/catalog/products/{slug}", response_model=ProductView)
async def product(slug: str, opened: sql_async.AsyncSession = fastapi.Depends(session)):
    found = await opened.scalar(_by_slug, {"slug": slug})
    if found is None:
        raise fastapi.HTTPException(404, "Такого товара нет.")
    return found
