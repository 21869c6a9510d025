//! `value.name` and `value[key]`: an attribute of Python's type first, then an item, or the other way round.

use minijinja::value::{Value, ValueKind};
use minijinja::Error;

use crate::errors::refuse;
use crate::objects::{Method, Namespace, Range};
use crate::operators;
use crate::python::{same_kind, type_name};

const DICT: &str = " clear copy fromkeys get items keys pop popitem setdefault update values ";
const LIST: &str = " append clear copy count extend index insert pop remove reverse sort ";
const TUPLE: &str = " count index ";
const TEXT: &str = " capitalize casefold center count encode endswith expandtabs find format format_map index isalnum \
    isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust \
    lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip \
    split splitlines startswith strip swapcase title translate upper zfill ";
const MARKUP: &str = " escape striptags unescape ";
const INTEGER: &str = " as_integer_ratio bit_count bit_length conjugate from_bytes to_bytes is_integer ";
const FLOAT: &str = " as_integer_ratio conjugate fromhex hex is_integer ";

/// Python's methods of the value's type.
fn has_method(value: &Value, name: &str) -> bool {
    let listed = |names: &str| names.contains(&format!(" {name} "));
    match type_name(value) {
        "dict" => listed(DICT),
        "list" => listed(LIST),
        "tuple" | "range" => listed(TUPLE),
        "str" => listed(TEXT),
        "Markup" => listed(TEXT) || listed(MARKUP),
        "int" | "bool" => listed(INTEGER),
        "float" => listed(FLOAT),
        "cycler" => listed(" next reset "),
        _ => false,
    }
}

/// Attributes of Python's type: methods, and a number's parts.
fn own(value: &Value, name: &str) -> Result<Option<Value>, Error> {
    if name.starts_with("__") && name.ends_with("__") {
        return Err(refuse(format!("Python's attribute {name} is not supported")));
    }
    if has_method(value, name) {
        return Ok(Some(Value::from_object(Method { owner: value.clone(), name: name.into() })));
    }
    Ok(match (type_name(value), name) {
        ("int" | "bool", "real" | "numerator") if value.kind() == ValueKind::Bool => {
            Some(Value::from(i64::from(value.is_true())))
        }
        ("int", "real" | "numerator") | ("float", "real") => Some(value.clone()),
        ("int" | "bool", "imag") => Some(Value::from(0)),
        ("int" | "bool", "denominator") => Some(Value::from(1)),
        ("float", "imag") => Some(Value::from(0.0)),
        ("range", "start" | "stop" | "step") => {
            Err(refuse(format!("the attribute {name} of a range is not supported")))?
        }
        _ => None,
    })
}

/// Jinja2's getattr; `what` names the value in an error.
pub fn attribute(value: &Value, name: &str, what: &dyn Fn() -> String) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(refuse(format!("{} is undefined", what())));
    }
    if let Some(namespace) = value.downcast_object_ref::<Namespace>() {
        return Ok(namespace.get(name).unwrap_or_default());
    }
    if let Some(found) = own(value, name)? {
        return Ok(found);
    }
    Ok(match value.kind() {
        ValueKind::Map | ValueKind::Plain => value.get_attr(name)?,
        // A pair of groupby's answers to names as well.
        ValueKind::Seq => {
            value.as_object().and_then(|object| object.get_value(&Value::from(name))).unwrap_or_default()
        }
        _ => Value::UNDEFINED,
    })
}

/// Jinja2's getitem: the item, else the attribute of that name, else undefined.
pub fn item(value: &Value, key: &Value, what: &dyn Fn() -> String) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(refuse(format!("{} is undefined", what())));
    }
    let found = match value.kind() {
        ValueKind::Map if operators::hashable(key) => operators::member(value, key),
        ValueKind::Seq if !type_name(value).starts_with("dict_") => position(key, value.len().unwrap_or(0))
            .and_then(|at| value.as_object().and_then(|object| object.get_value(&Value::from(at)))),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            crate::budget::spend(text.len())?;
            let at = position(key, text.chars().count());
            at.and_then(|at| text.chars().nth(at)).map(|c| same_kind(value, c.to_string()))
        }
        _ => None,
    };
    match (found, key.as_str()) {
        (Some(found), _) => Ok(found),
        (None, Some(name))
            if value.kind() != ValueKind::Map || value.downcast_object_ref::<Namespace>().is_some() =>
        {
            attribute(value, name, what)
        }
        (None, Some(name)) => Ok(own(value, name)?.unwrap_or_default()),
        (None, None) => Ok(Value::UNDEFINED),
    }
}

/// The position that an index stands for in a sequence of `size` items.
fn position(key: &Value, size: usize) -> Option<usize> {
    let index = match key.kind() {
        ValueKind::Bool => i128::from(key.is_true()),
        ValueKind::Number if key.is_integer() => i128::try_from(key.clone()).ok()?,
        _ => return None,
    };
    let index = if index < 0 { index + size as i128 } else { index };
    usize::try_from(index).ok().filter(|at| *at < size)
}

/// `value[start:stop:step]` of text and sequences; the parts are whole numbers or None.
pub fn slice(value: &Value, parts: [Value; 3]) -> Result<Value, Error> {
    let kind = type_name(value);
    if !matches!(kind, "str" | "Markup" | "list" | "tuple" | "range")
        || value.downcast_object_ref::<Range>().is_some()
    {
        return Err(refuse(format!("a value of type {kind} cannot be sliced")));
    }
    let items: Vec<Value> = match value.as_str() {
        Some(text) => text.chars().map(|c| Value::from(c.to_string())).collect(),
        None => value.try_iter()?.collect(),
    };
    crate::budget::spend_slots(items.len())?;
    let taken = selected(items.len(), &parts)?.map(|at| items[at].clone());
    Ok(match kind {
        "str" | "Markup" => {
            same_kind(value, taken.map(|c| c.as_str().unwrap_or_default().to_string()).collect::<String>())
        }
        "tuple" => Value::from(minijinja::value::Tuple::from(taken.collect::<Vec<_>>())),
        _ => Value::from(taken.collect::<Vec<_>>()),
    })
}

/// The positions that a slice selects, as Python's slice.indices.
fn selected(size: usize, parts: &[Value; 3]) -> Result<Box<dyn Iterator<Item = usize>>, Error> {
    let number = |value: &Value| match value.kind() {
        ValueKind::None => Ok(None),
        ValueKind::Bool => Ok(Some(i128::from(value.is_true()))),
        ValueKind::Number if value.is_integer() => {
            i128::try_from(value.clone()).map(Some).map_err(|_| refuse("a slice's number is too large"))
        }
        _ => Err(refuse("a slice needs whole numbers or None")),
    };
    let step = number(&parts[2])?.unwrap_or(1);
    if step == 0 {
        return Err(refuse("a slice's step must not be zero"));
    }
    let size = size as i128;
    let (low, high) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let bound = |value: Option<i128>, default: i128| match value {
        None => default,
        Some(index) => (if index < 0 { index.saturating_add(size) } else { index }).clamp(low, high),
    };
    let start = bound(number(&parts[0])?, if step > 0 { low } else { high });
    let stop = bound(number(&parts[1])?, if step > 0 { high } else { low });
    let mut at = start;
    Ok(Box::new(std::iter::from_fn(move || {
        let current = at;
        at = at.saturating_add(step);
        ((step > 0 && current < stop) || (step < 0 && current > stop)).then_some(current as usize)
    })))
}
