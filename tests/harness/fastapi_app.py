"""The endpoints of tests/programs/http_inputs.cpp as FastAPI reads them. Prints its port; ends with its parent."""

import enum
import socket
from typing import Annotated

import uvicorn
from fastapi import Body, Cookie, Depends, FastAPI, Form, Header, Query
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field

Int32 = Annotated[int, Field(ge=-2**31, le=2**31 - 1)]
Int64 = Annotated[int, Field(ge=-2**63, le=2**63 - 1)]
Count = Annotated[int, Field(ge=1, le=100)]

app = FastAPI()


class Delivery(enum.Enum):
    pickup = "pickup"
    russian_post = "russian_post"


class Contact(BaseModel):
    phone: str
    email: str | None = None


class Item(BaseModel):
    name: str
    text: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    count: Count | None = None
    small: Annotated[int, Field(ge=0, le=255)] | None = None
    large: Int64 | None = None
    ratio: Annotated[float, Field(gt=0, lt=1.5, allow_inf_nan=False)] | None = None
    flag: bool | None = None
    delivery: Delivery | None = None
    contact: Contact | None = None
    numbers: Annotated[list[Int32], Field(min_length=1, max_length=3)] | None = None
    stock: dict[str, Int32] | None = None


class Id(BaseModel):
    id: Int64


class Login(BaseModel):
    username: str
    password: str
    scope: str | None = None
    count: Int32 | None = None


@app.post("/body")
async def body(item: Item):
    return item


@app.post("/optional")
async def optional(item: Annotated[Id | None, Body()] = None):
    return item


@app.post("/list")
async def listed(items: list[Id]):
    return items


@app.get("/page")
async def page(page: Annotated[int, Query(ge=1, le=2**31 - 1)] = 1,
               limit: Annotated[int, Query(ge=1, le=100)] = 20,
               q: Annotated[str | None, Query(max_length=8)] = None,
               ids: Annotated[list[Int32], Query()] = [],  # noqa: B006
               in_stock: bool = False):
    return {"page": page, "limit": limit, "q": q, "ids": ids, "in_stock": in_stock}


@app.get("/session")
async def session(x_session_id: Annotated[str, Header()], x_count: Annotated[Int32 | None, Header()] = None):
    return {"x_session_id": x_session_id, "x_count": x_count}


@app.get("/cookie")
async def cookie(refresh_token: Annotated[str, Cookie()], count: Annotated[Int32 | None, Cookie()] = None):
    return {"refresh_token": refresh_token, "count": count}


@app.get("/items/{id}")
@app.put("/items/{id}")
async def item_by_id(id: Int64):
    return {"id": id}


@app.post("/login")
async def login(form: Annotated[Login, Form()]):
    return form


@app.get("/secure")
async def secure(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="login"))]):
    return token


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run(sockets=[listener])
