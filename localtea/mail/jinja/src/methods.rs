//! The methods of Python's str, dict and list that templates call. What is not here is refused by name.

use minijinja::value::{from_args, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use crate::budget;
use crate::errors::refuse;
use crate::objects;
use crate::operators::{equal, hashable, member};
use crate::python::{is_space, iterate, lines, same_kind, type_name};
use crate::tests::cased;
use crate::text_filters::{capitalized, centered, operand, replaced, strip_tags, titled};

pub fn call(_: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    match (value.kind(), method) {
        (ValueKind::String, _) => text_method(value, method, args),
        (ValueKind::Map, "items" | "keys" | "values") => {
            let () = from_args(args)?;
            objects::view(method, value)
        }
        (ValueKind::Map, "get") => {
            let (key, default): (Value, Option<Value>) = from_args(args)?;
            if !hashable(&key) {
                return Err(refuse(format!("a {} cannot be a key", type_name(&key))));
            }
            Ok(member(value, &key).or(default).unwrap_or_else(|| Value::from(())))
        }
        (ValueKind::Seq, "count") => {
            let (wanted,): (Value,) = from_args(args)?;
            Ok(Value::from(iterate(value)?.iter().filter(|item| equal(item, &wanted)).count()))
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn text_method(value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    let plain = |result: String| Ok(same_kind(value, result));
    match (method, args) {
        (_, [.., last]) if last.is_kwargs() && method != "format" => answer(text, method, args),
        ("upper", []) => plain(text.to_uppercase()),
        ("lower", []) => plain(text.to_lowercase()),
        ("capitalize", []) => plain(capitalized(text)),
        ("title", []) => plain(title(text)),
        ("swapcase", []) => plain(text.chars().flat_map(swap_case).collect()),
        ("strip", _) => plain(text.trim_matches(stripped(value, args)?).into()),
        ("lstrip", _) => plain(text.trim_start_matches(stripped(value, args)?).into()),
        ("rstrip", _) => plain(text.trim_end_matches(stripped(value, args)?).into()),
        ("replace", [old, new]) => {
            plain(replaced(text, &text_of(value, old)?, &text_of(value, new)?, usize::MAX)?)
        }
        ("replace", [old, new, limit]) => {
            let limit = usize::try_from(whole(limit)?).unwrap_or(usize::MAX);
            plain(replaced(text, &text_of(value, old)?, &text_of(value, new)?, limit)?)
        }
        ("splitlines", []) => Ok(parts(value, lines(text, false))),
        ("splitlines", [keep]) if keep.kind() == ValueKind::Bool => {
            Ok(parts(value, lines(text, keep.is_true())))
        }
        ("split", []) => split(value, None, -1),
        ("split", [separator]) => split(value, Some(separator), -1),
        ("split", [separator, limit]) => split(value, Some(separator), whole(limit)?),
        ("join", [items]) => join(value, items),
        ("center" | "ljust" | "rjust", [width]) => padded(value, method, whole(width)?, " "),
        ("center" | "ljust" | "rjust", [width, fill]) => {
            padded(value, method, whole(width)?, &text_of(value, fill)?)
        }
        ("zfill", [width]) => padded(value, method, whole(width)?, "0"),
        // Debian's markupsafe answers plain text to these two.
        ("removeprefix", [prefix]) => {
            Ok(Value::from(text.strip_prefix(&*text_of(&Value::from(""), prefix)?).unwrap_or(text)))
        }
        ("removesuffix", [suffix]) => {
            Ok(Value::from(text.strip_suffix(&*text_of(&Value::from(""), suffix)?).unwrap_or(text)))
        }
        ("striptags", []) if value.is_safe() => Ok(Value::from(strip_tags(text))),
        ("format", _) => crate::str_format::format(value, args),
        _ => answer(text, method, args),
    }
}

/// The methods that answer whether or where.
fn answer(text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
    let every = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    let place = |at: Option<usize>| at.map_or(-1, |at| text[..at].chars().count() as i64);
    Ok(match (method, args) {
        ("islower", []) => Value::from(cased(text, char::is_lowercase, char::is_uppercase)),
        ("isupper", []) => Value::from(cased(text, char::is_uppercase, char::is_lowercase)),
        ("isspace", []) => Value::from(every(is_space)),
        ("isascii", []) => Value::from(text.is_ascii()),
        ("isalpha" | "isalnum" | "isdigit" | "isnumeric", []) => {
            if text.chars().any(classed_otherwise) {
                return Err(refuse(format!("{method} beyond Latin, Greek and Cyrillic is not supported")));
            }
            Value::from(every(match method {
                "isalpha" => char::is_alphabetic,
                "isalnum" => char::is_alphanumeric,
                _ => char::is_numeric,
            }))
        }
        ("count", [part]) if part.as_str().is_some() => {
            Value::from(text.matches(part.as_str().unwrap_or_default()).count())
        }
        ("find", [part]) if part.as_str().is_some() => {
            Value::from(place(text.find(part.as_str().unwrap_or_default())))
        }
        ("rfind", [part]) if part.as_str().is_some() => {
            Value::from(place(text.rfind(part.as_str().unwrap_or_default())))
        }
        ("startswith", [part]) => Value::from(any_of(part, |part| text.starts_with(part))?),
        ("endswith", [part]) => Value::from(any_of(part, |part| text.ends_with(part))?),
        (
            "upper" | "lower" | "capitalize" | "title" | "swapcase" | "replace" | "splitlines" | "split"
            | "join" | "center" | "ljust" | "rjust" | "zfill" | "removeprefix" | "removesuffix" | "islower"
            | "isupper" | "isspace" | "isascii" | "isalpha" | "isalnum" | "isdigit" | "isnumeric" | "count"
            | "find" | "rfind" | "startswith" | "endswith",
            _,
        ) => return Err(refuse(format!("{method} with such arguments is not supported"))),
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    })
}

/// Letters and numbers that Python's str may put into other classes than Rust's char.
fn classed_otherwise(c: char) -> bool {
    let alphabet = c.is_ascii() || (c < '\u{530}' && c.is_alphabetic() && c != '\u{345}');
    c.is_alphanumeric() && !alphabet
}

/// One text, or a tuple of them.
fn any_of(wanted: &Value, test: impl Fn(&str) -> bool) -> Result<bool, Error> {
    let one = |part: &Value| part.as_str().map(&test).ok_or_else(|| refuse("a part of text must be text"));
    if type_name(wanted) != "tuple" {
        return one(wanted);
    }
    for part in iterate(wanted)? {
        if one(&part)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An argument that must be text; Markup's methods escape theirs.
fn text_of(like: &Value, argument: &Value) -> Result<String, Error> {
    match argument.kind() {
        ValueKind::String => Ok(operand(like, argument)),
        _ => Err(refuse(format!("a {} stands where text must", type_name(argument)))),
    }
}

fn whole(argument: &Value) -> Result<i64, Error> {
    let number = Some(argument).filter(|argument| argument.is_integer());
    number
        .and_then(|number| i64::try_from(number.clone()).ok())
        .ok_or_else(|| refuse(format!("a {} stands where a whole number must", type_name(argument))))
}

fn parts(like: &Value, parts: Vec<&str>) -> Value {
    parts.into_iter().map(|part| same_kind(like, part.into())).collect()
}

/// Splits at the separator, or at white space, `limit` times at most if that is not negative.
fn split(value: &Value, separator: Option<&Value>, limit: i64) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if let Some(separator) = separator.filter(|separator| !separator.is_none()) {
        return match text_of(value, separator)?.as_str() {
            "" => Err(refuse("split at an empty separator")),
            separator => Ok(parts(value, text.splitn(limit.saturating_add(1), separator).collect())),
        };
    }
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = rest.find(is_space).filter(|_| words.len() < limit).unwrap_or(rest.len());
        words.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    Ok(parts(value, words))
}

/// Which characters strip removes.
fn stripped(value: &Value, args: &[Value]) -> Result<impl Fn(char) -> bool, Error> {
    let (chars,): (Option<Value>,) = from_args(args)?;
    let chars = chars.filter(|chars| !chars.is_none()).map(|chars| text_of(value, &chars)).transpose()?;
    Ok(move |c| chars.as_ref().map_or(is_space(c), |chars| chars.contains(c)))
}

/// str.title: every letter after something that is no letter begins a word ("they're" becomes "They'Re").
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match inside {
            true => out.extend(c.to_lowercase()),
            false => out.push_str(&titled(c)),
        }
        inside = c.is_lowercase() || c.is_uppercase();
    }
    out
}

fn swap_case(c: char) -> Vec<char> {
    if c.is_uppercase() {
        c.to_lowercase().collect()
    } else {
        c.to_uppercase().collect()
    }
}

/// Markup takes anything, as text that it escapes.
fn join(separator: &Value, items: &Value) -> Result<Value, Error> {
    let part = |item: &Value| match separator.is_safe() {
        true => Ok(operand(separator, item)),
        false => text_of(separator, item),
    };
    let parts = iterate(items)?.iter().map(part).collect::<Result<Vec<_>, Error>>()?;
    budget::spend(parts.len().saturating_mul(separator.len().unwrap_or(0)))?;
    Ok(same_kind(separator, parts.join(separator.as_str().unwrap_or_default())))
}

fn padded(value: &Value, method: &str, width: i64, fill: &str) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    let mut fill = fill.chars();
    let (Some(fill), None) = (fill.next(), fill.next()) else {
        return Err(refuse(format!("{method} fills with one character")));
    };
    let width = usize::try_from(width).unwrap_or(0);
    let gap = width.saturating_sub(text.chars().count());
    budget::spend(gap.saturating_mul(4))?;
    let filled = || std::iter::repeat(fill).take(gap).collect::<String>();
    let result = match method {
        "ljust" => format!("{text}{}", filled()),
        "zfill" if text.starts_with(['+', '-']) => format!("{}{}{}", &text[..1], filled(), &text[1..]),
        "rjust" | "zfill" => format!("{}{text}", filled()),
        _ => centered(text, width, fill),
    };
    Ok(same_kind(value, result))
}
