"""Requests as clients send them, honest and otherwise, for two servers that should read them alike."""

import dataclasses
import random
import re
import urllib.parse

TEXTS = ['"a"', '""', '"чай"', '"123456789"', '"a\\u0000"', '"\\ud83d\\ude00"', '" a "', "5", "true", "null", "[]", "{}"]
WHOLE = ["0", "1", "5", "-1", "100", "101", "255", "256", "2147483648", "-9223372036854775808", "9223372036854775808",
         "99999999999999999999", "5.0", "5.5", "-0.0", "-0", "1e2", "1e400", "1.0000000000000001", "0.1", '"5"', '" 5 "',
         '"+5"', '"-5"', '"5.0"', '"5.5"', '"5."', '".5"', '"1e2"', '"1_0"', '"_1"', '"1__0"', '"0x5"', '"007"', '"--5"', '"+-5"',
         '"\\u0665"', '"five"', '""', '" "', "true", "false", "null", "[5]", "{}", '"99999999999999999999"', '"NaN"', '"inf"']
FLAGS = ["true", "false", "0", "1", "2", "-1", "0.0", "1.0", "0.5", "2.0", "null", "[]", "{}", '"true"', '"TRUE"', '"yes"', '"on"', '"y"',
         '"t"', '"no"', '"off"', '"F"', '"0"', '"1"', '" true "', '"2"', '""', '"maybe"']
BODY = {
    "name": TEXTS, "text": TEXTS, "count": WHOLE, "small": WHOLE, "large": WHOLE, "ratio": WHOLE, "flag": FLAGS,
    "delivery": ['"pickup"', '"russian_post"', '"Pickup"', '" pickup"', '""', "0", "null", "true", "[]"],
    "contact": ['{"phone":"1"}', '{"phone":1}', "{}", "[]", "null", '"x"', '{"phone":"1","email":null}',
                '{"phone":"1","email":5}', '{"phone":null,"email":false}'],
    "numbers": ["[1]", "[]", "[1,2,3,4]", '["1",2.0]', '[1,"x",null]', "1", '"1"', "null", "{}", "[[1]]", "[true]"],
    "stock": ["{}", '{"a":1}', '{"a":"1","b":"x"}', '{"a":null}', "[]", "null", '"a"', '{"a":{"b":1}}'],
    "unknown": ["1"],
}
SHAPES = ["null", "5", "true", '"text"', "[]", "[{}]", "{}", "", " ", "\n", "{", "}", "{]", '{"name":}', "{'name':'a'}", '{name:"a"}',
          '{"name":"a"}}', '{"name":"a"} x', '{"name":"a",}', '{"name":"a"}\n', ' \t{"name":"a"} ', '{"name":"a","name":"b"}',
          '{"name":"a","name":5}', "[1,2", "nul", "True", "NaN", "Infinity", '{"name":"a","count":01}', '{"name":"a","count":+1}',
          '{"name":"a","count":1.}', '{"name":"a","count":.5}', '{"name":"a","count":NaN}', '{"name":"a","ratio":Infinity}',
          '{"name":"a\tb"}', '{"name":"\\x"}', '{"name":"\\ud800"}', '{"name":"a"} // comment', "{" * 30, '{"id":5}', '{"id":"5"}',
          '[{"id":1},{"id":"x"}]', '[{"id":1}]']
JSON_TYPES = ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8",
              "application/vnd.api+json", "application/problem+json; v=1", " application/json ", "application/json ;x"]
OTHER_TYPES = ["text/plain", "text/json", "application/jsonx", "application/x-www-form-urlencoded", "multipart/form-data", "json",
               "application", "application/", "", "*/*", "application/json, text/plain"]
QUERY_VALUES = ["1", "0", "5", "101", "-1", "%205%20", "+5", "%2B5", "5.0", "5.5", "1_0", "0x5", "five", "", "true", "TRUE", "yes", "on",
                "1", "false", "no", "off", "maybe", "a", "чай", "%D1%87", "a+b", "a%20b", "%zz", "100%25", "100%", "123456789", "a%00",
                "%ff", "%ED%A0%80", "9999999999", "99999999999999999999", "a=b", "a;b", "%26", "%3D"]
HEADER_VALUES = ["abc", "", " abc ", "5", "+5", "a,b", '"abc"', "x" * 200, "1_0", "5.0", "five", "100%", "a\tb", "\xe9", "чай"]
COOKIE_VALUES = ["abc", "", '"abc"', "5", "a=b", "a b", "%41", '"a;b"', "five", "a,b", '"', "a\"b"]
SCHEMES = ["Bearer", "bearer", "BEARER", "bEaReR", "Basic", "Token", "bearerx", "", "Bear er"]
IDENTIFIERS = ["1", "0", "-1", "+1", "%2B1", "01", "1.0", "1.5", "1_0", "abc", "%31", "1%20", "%201", "9223372036854775807",
               "9223372036854775808",
               "%D9%A1", "1e3", "true", "null", "%00", "%2e%2e", "..", ".", "a%2Fb", "1;2", "%", "%zz", "1?x=1", "\\", "%5C"]
PATHS = ["/", "/page", "/body", "/items/1", "/login", "/secure", "/nothing", "/items", "/items/1/2", "/Page", "/page/x", "/docs/nothing"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"]


@dataclasses.dataclass
class Case:
    kind: str
    method: str
    target: str
    headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    body: bytes = b""

    def bytes_for(self, target: str | None = None) -> bytes:
        lines = [f"{self.method} {target or self.target} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


MARKS = {
    "NUL": rb"\\u0000|%00",
    "not UTF-8": rb"%ff|%ED%A0%80",
    "beyond 64 bits": rb"[:\[]99999999999999999999",
    "beyond doubles": rb":1e400|NaN\b(?!\")|Infinity",
    "half a surrogate pair": rb"\\ud800",
}


def marked(case: Case) -> Case:
    """Its kind also names what is special about it, so that a difference can be listed for that alone."""
    request = case.bytes_for()
    marks = [mark for mark, pattern in MARKS.items() if re.search(pattern, request)]
    if any(not value.isascii() for _, value in case.headers):
        marks.append("not ASCII")
    if case.kind == "cookie":
        names = re.findall(r"(?:^|;)\s*(\w+)=", "; ".join(value for _, value in case.headers))
        marks += ["repeated"] * (len(names) != len(set(names)))
    return dataclasses.replace(case, kind=", ".join([case.kind, *marks]))


class Generator:
    def __init__(self, seed: int):
        self.dice = random.Random(seed)

    def cases(self, number: int) -> list[Case]:
        kinds = [(self.members, 8), (self.shape, 3), (self.content_type, 2), (self.text_encoding, 1), (self.query, 6), (self.header, 3),
                 (self.cookie, 2), (self.path, 3), (self.slash, 2), (self.method, 2), (self.form, 3), (self.form_type, 1),
                 (self.authorization, 2), (self.content_coding, 1)]
        makers, weights = zip(*kinds)
        return [marked(self.dice.choices(makers, weights)[0]()) for _ in range(number)]

    def members(self) -> Case:
        names = self.dice.sample(list(BODY), self.dice.randint(1, 4))
        if "name" not in names and self.dice.random() < 0.9:
            names.append("name")
        members = [f'"{name}":{self.dice.choice(BODY[name])}' for name in names]
        return self.json("body members", ("{" + ",".join(members) + "}").encode())

    def shape(self) -> Case:
        return self.json("body shape", self.dice.choice(SHAPES).encode(), self.dice.choice(["/body", "/optional", "/list"]))

    def json(self, kind: str, body: bytes, target: str = "/body", content_type: str = "application/json") -> Case:
        return Case(kind, "POST", target, [("Content-Type", content_type)], body)

    def content_type(self) -> Case:
        good = self.dice.random() < 0.5
        case = self.json("json content type" if good else "other content type", self.dice.choice([b'{"name":"a"}', b"{", b""]),
                         content_type=self.dice.choice(JSON_TYPES if good else OTHER_TYPES))
        if not good and self.dice.random() < 0.2:
            case.headers = []
        return case

    def text_encoding(self) -> Case:
        coding = self.dice.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1251"])
        text = '{"name":"é"}' if coding == "latin-1" else '{"name":"чай"}'
        return self.json("text encoding " + coding, text.encode(coding))

    def pairs(self, names: list[str], values: list[str]) -> str:
        text = "&".join(f"{self.dice.choice(names)}={self.dice.choice(values)}" for _ in range(self.dice.randint(0, 5)))
        return text + self.dice.choice(["", "", "", "&", "&&", "&page", "&=", "&q"])

    def query(self) -> Case:
        text = self.pairs(["page", "limit", "q", "ids", "ids", "in_stock", "unknown", "%70age", "Page"], QUERY_VALUES)
        return Case("query", "GET", "/page?" + urllib.parse.quote(text, safe="&=%+;"))

    def header(self) -> Case:
        names = ["X-Session-ID", "x-session-id", "X_Session_Id", "X-Count", "x_count"]
        fields = [(self.dice.choice(names), self.dice.choice(HEADER_VALUES)) for _ in range(self.dice.randint(0, 3))]
        return Case("header", "GET", "/session", fields)

    def cookie(self) -> Case:
        pairs = [f"{self.dice.choice(['refresh_token', 'count', 'other', ' refresh_token', 'Count'])}={self.dice.choice(COOKIE_VALUES)}"
                 for _ in range(self.dice.randint(0, 4))]
        text = self.dice.choice(["; ", ";", " ; ", ", "]).join(pairs) + self.dice.choice(["", ";", "; bare"])
        fields = [("Cookie", text)] + [("Cookie", "refresh_token=second")] * (self.dice.random() < 0.1)
        return Case("cookie", "GET", "/cookie", fields)

    def path(self) -> Case:
        return Case("path", self.dice.choice(["GET", "PUT"]), "/items/" + self.dice.choice(IDENTIFIERS))

    def slash(self) -> Case:
        path = self.dice.choice(PATHS[1:]) + self.dice.choice(["/", "/", "//", "/?page=2", "?page=2"])
        return Case("slash", self.dice.choice(["GET", "POST", "PUT"]), self.dice.choice(["", "", "", "/"]) + path)

    def method(self) -> Case:
        method = self.dice.choice(METHODS)
        return Case(f"method {method}", method, self.dice.choice(PATHS))

    def form_text(self) -> bytes:
        pairs = self.pairs(["username", "password", "username", "password", "scope", "count", "unknown"], QUERY_VALUES)
        return ("username=a&password=b&" * (self.dice.random() < 0.7) + urllib.parse.quote(pairs, safe="&=%+;")).encode()

    def form(self) -> Case:
        kind = self.dice.choice(["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8",
                                 "Application/X-WWW-Form-Urlencoded"])
        return Case("form", "POST", "/login", [("Content-Type", kind)], self.form_text())

    def form_type(self) -> Case:
        if self.dice.random() < 0.5:
            body = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\r\n--x--\r\n'
            return Case("multipart form", "POST", "/login", [("Content-Type", "multipart/form-data; boundary=x")], body)
        kind = self.dice.choice(["application/json", "text/plain", "", None])
        return Case("other form type", "POST", "/login", [("Content-Type", kind)] if kind is not None else [], self.form_text())

    def authorization(self) -> Case:
        value = self.dice.choice(SCHEMES) + self.dice.choice(["", " ", " abc", "  abc ", " a b", "\tabc", " чай"])
        fields = [(self.dice.choice(["Authorization", "authorization"]), value)] * self.dice.choice([1, 1, 1, 1, 0])
        return Case("authorization", "GET", "/secure", fields)

    def content_coding(self) -> Case:
        coding = self.dice.choice(["gzip", "br", "deflate", "identity", "GZIP", "identity, gzip"])
        case = self.json("content coding " + coding, self.dice.choice([b'{"name":"a"}', b"\x1f\x8b\x08\x00", b""]))
        case.headers.append(("Content-Encoding", coding))
        return case
