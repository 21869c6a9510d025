//! Python's str(), repr() and markupsafe.escape() of a value.

use minijinja::value::{Value, ValueKind};
use minijinja::Error;

use crate::budget;
use crate::errors::refuse;
use crate::frame::{Loop, Macro};
use crate::objects::{Cycler, Namespace, Range, View};
use crate::sequences::Group;

/// Python's name of the value's type.
pub fn type_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "Undefined",
        ValueKind::None => "NoneType",
        ValueKind::Bool => "bool",
        ValueKind::Number if value.is_integer() => "int",
        ValueKind::Number => "float",
        ValueKind::String if value.is_safe() => "Markup",
        ValueKind::String => "str",
        ValueKind::Map => "dict",
        ValueKind::Iterable => "generator",
        ValueKind::Seq if value.is_tuple() || value.downcast_object_ref::<Group>().is_some() => "tuple",
        ValueKind::Seq if value.downcast_object_ref::<Range>().is_some() => "range",
        ValueKind::Seq => value.downcast_object_ref::<View>().map_or("list", |view| view.name),
        _ if value.downcast_object_ref::<Cycler>().is_some() => "cycler",
        _ => "object",
    }
}

/// What a loop over the value runs through; an undefined one is empty.
pub fn iterate(value: &Value) -> Result<Vec<Value>, Error> {
    let items: Vec<Value> = match value.kind() {
        ValueKind::Undefined => Vec::new(),
        ValueKind::String => {
            value.as_str().unwrap_or_default().chars().map(|c| Value::from(c.to_string())).collect()
        }
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            budget::spend_slots(value.len().unwrap_or(0))?;
            value.try_iter()?.checked().collect::<Result<_, _>>()?
        }
        _ => return Err(refuse(format!("a value of type {} is no list", type_name(value)))),
    };
    budget::spend_slots(items.len())?;
    budget::spend_text(&items)?;
    Ok(items)
}

/// str(value); an undefined value is empty, as Jinja2's default Undefined is.
pub fn str_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            if budget::allow(text.len()) {
                text.to_string()
            } else {
                String::new()
            }
        }
        _ => repr(value),
    }
}

/// repr(value); empty once the rendering's budget is spent.
pub fn repr(value: &Value) -> String {
    if !budget::allow(budget::LOOK) {
        return String::new();
    }
    match value.kind() {
        ValueKind::Undefined => "Undefined".into(),
        ValueKind::String if value.is_safe() => {
            format!("Markup({})", quoted(value.as_str().unwrap_or_default()))
        }
        ValueKind::String => quoted(value.as_str().unwrap_or_default()),
        ValueKind::Number if !value.is_integer() => {
            f64::try_from(value.clone()).map(float_repr).unwrap_or_default()
        }
        ValueKind::Seq => sequence(value),
        ValueKind::Map => mapping(value),
        ValueKind::Plain => match value.downcast_object_ref::<Namespace>() {
            Some(namespace) => {
                let member = |(name, value): &(String, Value)| format!("{}: {}", quoted(name), repr(value));
                let members: Vec<String> = namespace.pairs().iter().map(member).collect();
                format!("<Namespace {{{}}}>", members.join(", "))
            }
            None if value.downcast_object_ref::<Loop>().is_some()
                || value.downcast_object_ref::<Macro>().is_some() =>
            {
                value.to_string()
            }
            None => address(),
        },
        ValueKind::Iterable => address(),
        _ => value.to_string(),
    }
}

/// repr(float): shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    let text = format!("{number:?}");
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits}e{:+03}", exponent.parse::<i32>().unwrap_or_default()),
        None => text,
    }
}

/// Python would print where the object is in memory.
fn address() -> String {
    budget::fail("a generator, method or other object cannot be printed");
    String::new()
}

fn sequence(value: &Value) -> String {
    if let Some(range) = value.downcast_object_ref::<Range>() {
        return range.to_string();
    }
    let items: Vec<String> =
        value.try_iter().map(|items| items.map(|item| repr(&item)).collect()).unwrap_or_default();
    let tuple = value.is_tuple() || value.downcast_object_ref::<Group>().is_some();
    match (tuple, items.len()) {
        (true, 1) => format!("({},)", items[0]),
        (true, _) => format!("({})", items.join(", ")),
        _ => match value.downcast_object_ref::<View>() {
            Some(view) => format!("{}([{}])", view.name, items.join(", ")),
            None => format!("[{}]", items.join(", ")),
        },
    }
}

fn mapping(value: &Value) -> String {
    let member = |key: Value| format!("{}: {}", repr(&key), repr(&value.get_item(&key).unwrap_or_default()));
    let members: Vec<String> = value.try_iter().map(|keys| keys.map(member).collect()).unwrap_or_default();
    format!("{{{}}}", members.join(", "))
}

fn quoted(text: &str) -> String {
    if !budget::allow(text.len().saturating_mul(4)) {
        return String::new();
    }
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if printable(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push(quote);
    out
}

/// str.isprintable of one character: no control, format, separator or private-use character but the space.
fn printable(c: char) -> bool {
    let format = matches!(c as u32,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2 | 0x180e | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff0..=0xfffb | 0x110bd | 0x110cd | 0x13430..=0x1343f
        | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff);
    let private = matches!(c as u32, 0xe000..=0xf8ff | 0xf0000..=0x10ffff) || (c as u32) & 0xfffe == 0xfffe;
    c == ' ' || !(c.is_control() || c.is_whitespace() || format || private)
}

/// markupsafe's escape of plain text.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The value as HTML: safe text as it is, everything else escaped.
pub fn html(value: &Value) -> String {
    let text = str_of(value);
    if value.is_safe() {
        text
    } else {
        escape(&text)
    }
}

/// `text` as safe text when `like` is, else as plain text: what a method of Python's Markup or str returns.
pub fn same_kind(like: &Value, text: String) -> Value {
    if like.is_safe() {
        Value::from_safe_string(text)
    } else {
        Value::from(text)
    }
}

/// str.isspace of one character: Unicode's white space and the four separators of ASCII.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// str.splitlines(keepends).
pub fn lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let is_break = |c: char| {
        matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_break) {
        let width = if rest[at..].starts_with("\r\n") {
            2
        } else {
            rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        out.push(&rest[..if keep_ends { at + width } else { at }]);
        rest = &rest[at + width..];
    }
    if !rest.is_empty() {
        out.push(rest);
    }
    out
}
