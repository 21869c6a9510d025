//! The methods of Python's str and dict that templates call. What is not here falls to minijinja-contrib, and
//! what that has not is refused by name.

use minijinja::value::{from_args, Value, ValueKind};
use minijinja::{Error, State};
use minijinja_contrib::pycompat::unknown_method_callback;

use crate::budget;
use crate::objects;
use crate::python::{is_space, lines, same_kind, str_of};
use crate::text_filters::{centered, operand, strip_tags};

pub fn call(state: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::String => text_method(state, value, method, args),
        ValueKind::Map if matches!(method, "items" | "keys" | "values") => {
            let () = from_args(args)?;
            objects::view(method, value)
        }
        _ => unknown_method_callback(state, value, method, args),
    }
}

fn text_method(state: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    let plain = |result: String| Ok(same_kind(value, result));
    match (method, args) {
        ("upper", []) => plain(text.to_uppercase()),
        ("lower", []) => plain(text.to_lowercase()),
        ("title", []) => plain(title(text)),
        ("swapcase", []) => plain(text.chars().flat_map(swap_case).collect()),
        ("strip", _) => plain(text.trim_matches(stripped(value, args)?).into()),
        ("lstrip", _) => plain(text.trim_start_matches(stripped(value, args)?).into()),
        ("rstrip", _) => plain(text.trim_end_matches(stripped(value, args)?).into()),
        ("replace", [old, new]) => plain(crate::text_filters::replaced(
            text,
            &operand(value, old),
            &operand(value, new),
            usize::MAX,
        )?),
        ("splitlines", []) => {
            Ok(lines(text, false).into_iter().map(|line| same_kind(value, line.into())).collect())
        }
        ("split", []) => Ok(text
            .split(is_space)
            .filter(|word| !word.is_empty())
            .map(|word| same_kind(value, word.into()))
            .collect()),
        ("join", [items]) => join(value, items),
        ("center" | "ljust" | "rjust" | "zfill", _) => padded(value, method, args),
        ("removeprefix", [prefix]) => {
            Ok(Value::from(text.strip_prefix(str_of(prefix).as_str()).unwrap_or(text)))
        }
        ("removesuffix", [suffix]) => {
            Ok(Value::from(text.strip_suffix(str_of(suffix).as_str()).unwrap_or(text)))
        }
        ("striptags", []) if value.is_safe() => Ok(Value::from(strip_tags(text))),
        ("format", _) => crate::str_format::format(value, args),
        _ => unknown_method_callback(state, value, method, args),
    }
}

/// Which characters strip removes.
fn stripped(value: &Value, args: &[Value]) -> Result<impl Fn(char) -> bool, Error> {
    let (chars,): (Option<Value>,) = from_args(args)?;
    let chars = chars.filter(|chars| !chars.is_none()).map(|chars| operand(value, &chars));
    Ok(move |c| chars.as_ref().map_or(is_space(c), |chars| chars.contains(c)))
}

/// str.title: every letter after something that is no letter begins a word ("they're" becomes "They'Re").
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match inside {
            true => out.extend(c.to_lowercase()),
            false => out.extend(c.to_uppercase()),
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

fn join(separator: &Value, items: &Value) -> Result<Value, Error> {
    let parts = items.try_iter()?.checked().map(|item| Ok(operand(separator, &item?)));
    let parts = parts.collect::<Result<Vec<_>, Error>>()?;
    budget::spend(parts.len().saturating_mul(separator.len().unwrap_or(0)))?;
    Ok(same_kind(separator, parts.join(separator.as_str().unwrap_or_default())))
}

fn padded(value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    let text = value.as_str().unwrap_or_default();
    let (width, fill): (i64, Option<String>) = from_args(args)?;
    let width = usize::try_from(width).unwrap_or(0);
    let gap = width.saturating_sub(text.chars().count());
    budget::spend(gap.saturating_mul(4))?;
    let fill = fill.unwrap_or_else(|| " ".into());
    let result = match method {
        "ljust" => format!("{text}{}", fill.repeat(gap)),
        "rjust" => format!("{}{text}", fill.repeat(gap)),
        "zfill" if text.starts_with(['+', '-']) => format!("{}{}{}", &text[..1], "0".repeat(gap), &text[1..]),
        "zfill" => format!("{}{text}", "0".repeat(gap)),
        _ => centered(text, width),
    };
    Ok(same_kind(value, result))
}
