//! The urlencode filter: urllib's quote, or a query string of a mapping's or a list's pairs.

use minijinja::value::{Value, ValueKind};
use minijinja::Error;

use crate::errors::refuse;
use crate::python::str_of;

pub fn urlencode(value: Value) -> Result<String, Error> {
    let pairs: Vec<(Value, Value)> = match value.kind() {
        ValueKind::Map => value
            .try_iter()?
            .map(|key| Ok((key.clone(), value.get_item(&key)?)))
            .collect::<Result<_, Error>>()?,
        ValueKind::Seq | ValueKind::Iterable => value.try_iter()?.map(pair).collect::<Result<_, Error>>()?,
        ValueKind::Plain => return Err(refuse("a value of type object is no list")),
        _ => return Ok(quote(&str_of(&value), b"/")),
    };
    let parts = pairs.iter().map(|(key, value)| format!("{}={}", query_part(key), query_part(value)));
    Ok(parts.collect::<Vec<_>>().join("&"))
}

fn pair(item: Value) -> Result<(Value, Value), Error> {
    match item.try_iter()?.collect::<Vec<_>>().as_slice() {
        [key, value] => Ok((key.clone(), value.clone())),
        _ => Err(refuse("urlencode needs a mapping, pairs or text")),
    }
}

fn query_part(value: &Value) -> String {
    quote(&str_of(value), b"").replace("%20", "+")
}

fn quote(text: &str, safe: &[u8]) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || safe.contains(&byte);
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
