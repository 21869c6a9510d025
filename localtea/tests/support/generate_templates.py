#!/usr/bin/env python3
"""Generates sets of templates over Jinja2's language, the same ones for the same seed.

Input: JSON {"seed": n, "count": n}. Output: a JSON list of {name: source}; each set has a main.html, whose names are
those of jinja_cases.json's context.
"""

import json
import random
import sys

NUMBERS = ["0", "1", "2", "3", "-1", "7", "0.5", "2.0", "1e3", "1_000", "n", "neg", "big", "pi", "price", "whole", "tiny",
           "huge", "negf", "tenth", "one", "zero", "order.id", "order.total", "order['id']", "loop.index", "количество",
           "users[0].age", "nums[0]", "true", "5 // 2", "-7 // 2", "-7 % 3", "7.5 // -2", "2 ** 10", "1 if yes else 2"]
TEXTS = ["''", "'a'", "\"it's\"", "'<b>'", "name", "title", "html", "spaces", "quotes", "emoji", "upper", "order.address.city",
         "users[1]['name']", "'a' 'b'", "'\\n'", "'Ж' ~ 1", "имя", "numstr", "floatstr", "badnum", "empty", "url", "'%s'",
         "('<i>'|safe)", "('<u>'|safe)[0]", "('a<b'|escape)[1:]", "('x' ~ html|safe)", "lines", "long[:20]", "tags"]
LISTS = ["list", "nums", "strings", "nested", "floats", "emptylist", "[1, 2, 3]", "('a', 'b')", "range(3)", "range(5, 0, -2)",
         "order.lines", "users", "'abc'", "order.keys()", "order.items()", "order.address.values()", "nums[1:]", "nums[::-1]",
         "[]", "()", "(1,)", "users|map(attribute='name')", "nums|select('odd')", "nums|sort", "strings|map('upper')|list",
         "missing", "[none, true, 1.5]", "users|batch(2)|list", "nums|reverse", "dict(a=1, b=2)", "имена"]
MAPS = ["order", "order.address", "mixedkeys", "emptydict", "{'a': 1, 'b': '<'}", "dict(x=1)", "dict([('a', 1)])", "users[0]"]
ODD = ["none", "missing", "order.missing", "none.x", "users[9]", "nums['x']", "order[1.5]", "true", "false", "None", "loop",
       "order.items", "name.upper", "nums.append", "namespace({'a': 1})", "namespace(a=1, b='<')", "cycler('a', 'b').current"]
TEXT_FILTERS = ["upper", "lower", "capitalize", "title", "trim", "trim('<')", "string", "escape", "e", "safe", "forceescape",
                "length", "wordcount", "striptags", "center(20)", "indent", "indent(2, true)", "indent('> ', blank=true)",
                "truncate(9)", "truncate(9, true, '…')", "truncate(12, leeway=0)", "wordwrap(12)", "wordwrap(5, false)",
                "replace('a', '<')", "replace('а', 'o', 1)", "urlencode", "list", "first", "last", "reverse", "int", "float",
                "int(5)", "default('d')", "default('d', true)", "tojson", "join('-')", "filesizeformat", "format(1)",
                "string|length", "batch(2)|list", "upper|lower", "nope", "abs", "round", "sort|join", "unique|list"]
LIST_FILTERS = ["length", "count", "first", "last", "list", "join", "join(', ')", "join('<'|safe)", "sort", "sort(reverse=true)",
                "reverse|list", "unique|list", "min", "max", "sum", "batch(2)|list", "batch(2, '-')|list", "slice(2)|list",
                "map('string')|list", "map('upper')|join", "select|list", "reject('none')|list", "select('string')|list",
                "map(attribute='name')|list", "map(attribute='age', default=0)|list", "sum(attribute='age')",
                "groupby('group')|list", "sort(attribute='age,name')|map(attribute='name')|list", "tojson", "string", "safe",
                "selectattr('age', 'gt', 26)|list", "rejectattr('name', 'equalto', 'bob')|list", "default([])", "random|d(0)",
                "dictsort", "items|list", "urlencode", "pprint", "select('in', [1, 2])|list", "map('int')|sum", "join('x', 'name')"]
NUMBER_FILTERS = ["abs", "round", "round(1)", "round(2, 'floor')", "round(0, 'ceil')", "int", "float", "string", "filesizeformat",
                  "filesizeformat(true)", "default(1)", "tojson", "e", "length", "list", "'%.2f'|format", "int|string", "safe"]
MAP_FILTERS = ["dictsort|list", "dictsort(true, 'value')", "items|list", "list", "length", "tojson", "tojson(2)", "xmlattr",
               "urlencode", "string", "first", "join(',')", "sort|list", "default({})", "map('upper')|list"]
TESTS = ["defined", "undefined", "none", "number", "string", "mapping", "sequence", "iterable", "callable", "boolean", "true",
         "false", "integer", "float", "odd", "even", "divisibleby 2", "divisibleby(3)", "eq 1", "in [1, 'a']", "sameas none",
         "escaped", "lower", "upper", "gt 1", "ne 'a'", "not none", "not defined", "filter", "nope"]
METHODS = [".upper()", ".lower()", ".strip()", ".title()", ".split()", ".split(',')", ".replace('a', 'b')", ".startswith('a')",
           ".endswith(('a', 'b'))", ".join(['x', 'y'])", ".center(9)", ".zfill(5)", ".ljust(4, '.')", ".find('b')", ".count('a')",
           ".splitlines()", ".isdigit()", ".format(1, a=2)", ".capitalize()", ".swapcase()", ".encode()", ".partition('a')",
           ".center(12, '*')", ".ljust(9, '')", ".rjust(9, 'ab')", ".zfill(9, 1)", ".center(9.0)", ".replace('a', 'b', 1)",
           ".replace('a', 1)", ".replace('', '-')", ".split('')", ".split(' ', 1)", ".split(none, 1)", ".split(sep='a')",
           ".splitlines(true)", ".join([1])", ".join('<>')", ".strip('a<')", ".strip(1)", ".lstrip(none)", ".removeprefix('a')",
           ".removesuffix(1)", ".startswith([])", ".endswith('b', 1)", ".rfind('')", ".find('a', 1)", ".isalpha()", ".isalnum()",
           ".isnumeric()", ".islower()", ".isspace()", ".upper(1)"]
SPACE = ["", "", "", " ", "\n", "  \n ", "\t"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = ["a", "b", "c", "x", "item", "title", "n", "сумма"]
        self.macros = []

    def pick(self, choices):
        return choices[self.random.randrange(len(choices))]

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def expression(self, depth=2):
        kinds = [self.number, self.text, self.text, self.listing, self.mapping, self.logic, self.odd, self.variable]
        return self.pick(kinds)(depth)

    def variable(self, _depth):
        return self.pick(self.names)

    def odd(self, depth):
        value = self.pick(ODD)
        return value if self.chance(60) else f"({value})|{self.pick(TEXT_FILTERS + LIST_FILTERS)}" if depth else value

    def number(self, depth):
        if depth <= 0 or self.chance(30):
            return self.pick(NUMBERS)
        if self.chance(40):
            return f"({self.number(depth - 1)})|{self.pick(NUMBER_FILTERS)}"
        operator = self.pick(["+", "-", "*", "/", "//", "%", "+", "*", "**"])
        if operator == "**":
            return f"({self.pick(['2', '-2', '0.5', 'one', '10'])} ** {self.pick(['0', '2', '3', '-1', '0.5'])})"
        return f"({self.number(depth - 1)} {operator} {self.number(depth - 1)})"

    def text(self, depth):
        if depth <= 0 or self.chance(25):
            return self.pick(TEXTS)
        form = self.random.randrange(6)
        inner = self.text(depth - 1)
        if form == 0:
            return f"({inner} ~ {self.expression(depth - 1)})"
        if form == 1:
            return f"({inner} + {self.pick([self.text, self.text, self.number])(depth - 1)})"
        if form == 2:
            return f"({inner}){self.pick(METHODS)}"
        if form == 3:
            return f"({inner}){self.pick(['[0]', '[1:3]', '[-1]', '[::-1]', '[9]', '[:2]', '[true]'])}"
        if form == 4:
            return f"({inner} * {self.pick(['2', '0', '-1', 'one'])})"
        return f"({inner})|{self.pick(TEXT_FILTERS)}"

    def listing(self, depth):
        base = self.pick(LISTS)
        if depth <= 0 or self.chance(30):
            return base
        if self.chance(20):
            return f"({base} + {self.pick(LISTS)})"
        if self.chance(15):
            return f"[{self.expression(depth - 1)}, {self.expression(depth - 1)}]"
        return f"({base})|{self.pick(LIST_FILTERS)}"

    def mapping(self, depth):
        base = self.pick(MAPS)
        if depth <= 0 or self.chance(25):
            return base
        if self.chance(30):
            return f"({base}){self.pick(['.a', '.id', '.items()', '.get(1, 2)', '.city', '[0]', '.keys()|list'])}"
        if self.chance(10):
            return f"{{{self.pick(TEXTS)}: {self.expression(depth - 1)}, {self.pick(NUMBERS)}: 1}}"
        return f"({base})|{self.pick(MAP_FILTERS)}"

    def logic(self, depth):
        if depth <= 0:
            return self.pick(["true", "false", "yes", "no"])
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        form = self.random.randrange(6)
        if form == 0:
            return f"({left} {self.pick(['==', '!=', '<', '<=', '>', '>='])} {right})"
        if form == 1:
            return f"({left} {self.pick(['in', 'not in'])} {self.pick([self.listing, self.text, self.mapping])(depth - 1)})"
        if form == 2:
            return f"({left} is {self.pick(TESTS)})"
        if form == 3:
            return f"({left} {self.pick(['and', 'or'])} {right})"
        if form == 4:
            return f"(not {left})"
        return f"({left} if {self.logic(depth - 1)}{' else ' + right if self.chance(70) else ''})"

    def tag(self, text):
        left, right = self.pick(["", "", "", "-", "+"]), self.pick(["", "", "", "-"])
        return f"{{%{left} {text} {right}%}}"

    def raw(self):
        return self.pick(SPACE) + self.pick(["", "x", "<b>", "&amp; ", "Чай", "{ }", "%", "\"q\"", "\r\n"]) + self.pick(SPACE)

    def body(self, depth, size=3):
        return "".join(self.raw() + self.statement(depth) for _ in range(1 + self.random.randrange(size))) + self.raw()

    def statement(self, depth):
        if depth <= 0 or self.chance(35):
            return self.output()
        return self.pick([self.set, self.set, self.condition, self.loop, self.loop, self.with_, self.macro, self.call,
                          self.filter_block, self.set_block, self.autoescape, self.include, self.import_, self.block,
                          self.namespace, self.comment, self.recursive])(depth - 1)

    def output(self):
        if self.chance(25):
            name = self.pick([*self.names, "loop.index", "loop.first", "loop.length", "loop.previtem", "loop.cycle('a', 'b')",
                                           "loop.changed(item)", "loop.revindex", "loop.depth", "loop.nextitem"])
            return f"{{{{ {name} }}}}"
        if self.macros and self.chance(20):
            return f"{{{{ {self.pick(self.macros)}({self.args()}) }}}}"
        if self.chance(5):
            return f"{{{{ {self.expression(1)}, {self.expression(1)} }}}}"
        return f"{{{{{self.pick(['', '', '-'])} {self.expression()} {self.pick(['', '', '-'])}}}}}"

    def args(self):
        parts = [self.expression(1) for _ in range(self.random.randrange(3))]
        if self.chance(30):
            parts.append(f"{self.pick(['a', 'b', 'x'])}={self.expression(1)}")
        if self.chance(8):
            parts.append("*nums")
        if self.chance(5):
            parts.append("**{'b': 2}")
        return ", ".join(parts)

    def set(self, _depth):
        if self.chance(15):
            names = f"{self.pick(['a', 'b', 'n'])}, {self.pick(['x', 'item', 'сумма'])}"
            return self.tag(f"set {names} = {self.expression(1)}, {self.expression(1)}")
        return self.tag(f"set {self.pick(self.names)} = {self.expression()}")

    def set_block(self, depth):
        filters = self.pick(["", "", " | upper", " | trim | length"])
        return self.tag(f"set {self.pick(self.names)}{filters}") + self.body(depth, 2) + self.tag("endset")

    def namespace(self, depth):
        start = self.tag(self.pick(["set ns = namespace(a=1, x='<')", "set ns = namespace({'a': 1, 'x': 2})"]))
        change = self.tag(f"set ns.{self.pick(['a', 'x', 'сумма'])} = {self.pick(['ns.a', self.expression(1)])}")
        loop = self.tag(f"for item in {self.listing(1)}") + change + self.tag("endfor")
        return start + loop + "{{ ns.a }}{{ ns.x }}" + self.body(depth, 1)

    def condition(self, depth):
        out = self.tag(f"if {self.logic(2)}") + self.body(depth, 2)
        if self.chance(30):
            out += self.tag(f"elif {self.logic(1)}") + self.body(depth, 1)
        if self.chance(50):
            out += self.tag("else") + self.body(depth, 2)
        return out + self.tag("endif")

    def loop(self, depth):
        target, source = self.pick([("item", self.listing(1)), ("x", self.listing(1)), ("a, b", "order.items()"), ("item", "1, 2, 3"),
                                    ("a, b", "[(1, 2), (3, 4)]"), ("a, (b, c)", "[(1, (2, 3))]"), ("n", "nums"), ("item", "users")])
        test = f" if {self.pick(['item', 'loop', self.logic(1)])}" if self.chance(15) else ""
        other = self.tag("else") + self.body(depth, 1) if self.chance(20) else ""
        return self.tag(f"for {target} in {source}{test}") + self.body(depth) + other + self.tag("endfor")

    def recursive(self, depth):
        return (self.tag("for item in nested recursive") + self.pick(["", "{{ loop.depth }}", self.body(depth, 1)])
                + "{% if item is iterable %}({{ loop(item) }}){% else %}{{ item }}{% endif %}" + self.tag("endfor"))

    def with_(self, depth):
        form = self.pick([f"with a = {self.expression(1)}, b = a", f"with {self.pick(self.names)} = {self.expression(1)}", "with"])
        return self.tag(form) + self.body(depth) + self.tag("endwith")

    def signature(self):
        return self.pick(["", "a", "a, b=1", "a='<', b=a", "a, b=title, x=b", "b=n", "a=item, x=none", "имя='и'"])

    def macro(self, depth):
        name = self.pick(["m", "helper", "_own", "макрос"])
        extra = self.pick(["", "", "{{ caller() if caller else '-' }}", "{{ varargs }}", "{{ kwargs }}", "{{ caller(1) }}",
                           "{{ a }}{{ b }}"])
        out = self.tag(f"macro {name}({self.signature()})") + self.body(depth, 2) + extra + self.tag("endmacro")
        self.macros.append(name)
        return out + (f"{{{{ {name}({self.args()}) }}}}" if self.chance(70) else "")

    def call(self, depth):
        name = self.pick(self.macros or ["missing"])
        given = self.pick(["", "", "(x)", "(x, b=2)"])
        return self.tag(f"call{given} {name}({self.args()})") + self.body(depth, 2) + self.tag("endcall")

    def filter_block(self, depth):
        name = self.pick(["upper", "trim", "replace('a', '<')", "e", "indent(2)", "length", "striptags", "upper | title"])
        return self.tag(f"filter {name}") + self.body(depth, 2) + self.tag("endfilter")

    def autoescape(self, depth):
        return self.tag(f"autoescape {self.pick(['true', 'false', 'false', 'yes'])}") + self.body(depth, 2) + self.tag("endautoescape")

    def include(self, _depth):
        name = self.pick(["'part.html'", "'part.html'", "['nope.html', 'part.html']", "'nope.html' ignore missing", "'par' ~ 't.html'"])
        return self.tag(f"include {name}{self.pick(['', '', ' with context', ' without context'])}")

    def import_(self, _depth):
        context = self.pick(["", "", " with context", " without context"])
        if self.chance(50):
            call = self.pick(["show", "show", "seen", "missing", "_hidden"])
            return self.tag(f"import 'macros.html' as lib{context}") + f"{{{{ lib.{call}({self.args()}) }}}}{{{{ lib.value }}}}"
        self.macros.append("seen")
        names = self.tag(f"from 'macros.html' import show, seen as seen, value, nothing{context}")
        return names + f"{{{{ show({self.args()}) }}}}{{{{ nothing }}}}"

    def block(self, depth):
        self.blocks = getattr(self, "blocks", 0) + 1
        name = f"b{self.blocks}"
        words = self.pick(["", "", " scoped", " scoped", " required" if self.chance(10) else ""])
        return self.tag(f"block {name}{words}") + self.body(depth, 2) + self.tag(f"endblock{self.pick(['', ' ' + name])}")

    def comment(self, _depth):
        return self.pick(["{# note #}", "{#- note -#}", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% if %} {%- endraw -%}"])

    def templates(self):
        part = self.raw() + "[{{ item }}{{ loop }}{{ a }}{{ title }}]" + self.body(1, 2)
        macros = ("{% macro show(a, b='<') %}[{{ a }}|{{ b }}|{{ title }}|{{ item }}]{% endmacro %}{% set value = title %}"
                  "{% macro seen() %}{{ x }}{{ caller() if caller else n }}{% endmacro %}{% macro _hidden() %}h{% endmacro %}")
        main = self.body(3, 5)
        sets = {"part.html": part, "macros.html": macros}
        if self.chance(35):
            names = [f"b{at + 1}" for at in range(getattr(self, "blocks", 0))] or ["content"]
            sets["base.html"] = "<" + main + ("{% block content %}c{{ title }}{% endblock %}" if names == ["content"] else "") + ">"
            self.macros, over = [], []
            for name in names:
                if self.chance(60):
                    word = self.pick(["", "{{ super() }}", "{{ super()|upper }}", f"{{{{ self.{self.pick(names)}() }}}}",
                                      "{{ super.super() }}"])
                    over.append(self.tag(f"block {name}") + word + "{{ item }}{{ x }}{{ loop }}" + self.output() + self.tag("endblock"))
            main = self.tag("extends 'base.html'") + self.raw() + self.set(1) + "".join(over)
            if self.chance(25):
                sets["middle.html"], main = main, "{% extends 'middle.html' %}" + "".join(
                    f"{{% block {name} %}}top {{{{ super() }}}} {{{{ super.super() }}}}{{% endblock %}}" for name in names[:1])
        sets["main.html"] = main
        return sets


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([Generator(asked["seed"] + at).templates() for at in range(asked["count"])], sys.stdout)
