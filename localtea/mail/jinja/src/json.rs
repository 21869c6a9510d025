//! The tojson filter: json.dumps with sorted keys, safe inside HTML.

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::Error;

use crate::budget;
use crate::errors::refuse;
use crate::filters::bind;
use crate::python::{float_repr, str_of, type_name};

pub fn tojson(args: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let bound = bind("tojson", &["value", "indent"], args)?;
    let step = match bound[1].as_ref().filter(|indent| !indent.is_none()) {
        Some(indent) => {
            Some(usize::try_from(indent.clone()).map_err(|_| refuse("tojson: indent must be an integer"))?)
        }
        None => None,
    };
    let mut text = String::new();
    write(&mut text, &bound[0].clone().unwrap_or_default(), step, 0)?;
    let safe =
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027");
    Ok(Value::from_safe_string(safe))
}

fn write(out: &mut String, value: &Value, step: Option<usize>, depth: usize) -> Result<(), Error> {
    budget::spend(8 * budget::LOOK)?;
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => out.push_str(&number(value)),
        ValueKind::String => quote(out, value.as_str().unwrap_or_default()),
        ValueKind::Seq if matches!(type_name(value), "list" | "tuple") => {
            let items = value.try_iter()?.map(|item| (None, item)).collect();
            container(out, ('[', ']'), items, step, depth)?;
        }
        ValueKind::Map => {
            let mut members: Vec<_> = value.try_iter()?.map(|key| (value.get_item(&key), key)).collect();
            members.sort_by_cached_key(|(_, key)| str_of(key));
            let members = members
                .into_iter()
                .map(|(value, key)| Ok((Some(key_text(&key)?), value?)))
                .collect::<Result<_, Error>>()?;
            container(out, ('{', '}'), members, step, depth)?;
        }
        _ => return Err(refuse(format!("tojson: a value of type {} has no JSON form", type_name(value)))),
    }
    Ok(())
}

fn number(value: &Value) -> String {
    match f64::try_from(value.clone()) {
        Ok(number) if !value.is_integer() && number.is_nan() => "NaN".into(),
        Ok(number) if !value.is_integer() && number.is_infinite() => {
            if number > 0.0 { "Infinity" } else { "-Infinity" }.into()
        }
        Ok(number) if !value.is_integer() => float_repr(number),
        _ => value.to_string(),
    }
}

fn key_text(key: &Value) -> Result<String, Error> {
    Ok(match key.kind() {
        ValueKind::String => str_of(key),
        ValueKind::None => "null".into(),
        ValueKind::Bool => if key.is_true() { "true" } else { "false" }.into(),
        ValueKind::Number => number(key),
        _ => return Err(refuse("tojson: keys must be str, int, float, bool or None")),
    })
}

type Members = Vec<(Option<String>, Value)>;

fn container(
    out: &mut String,
    brackets: (char, char),
    members: Members,
    step: Option<usize>,
    depth: usize,
) -> Result<(), Error> {
    // Four times: what makes it safe inside HTML copies it as often.
    budget::spend(
        members.len().saturating_mul(1 + step.unwrap_or(0).saturating_mul(depth + 1)).saturating_mul(4),
    )?;
    let newline = |depth: usize| step.map(|step| format!("\n{}", " ".repeat(step * depth)));
    let empty = members.is_empty();
    out.push(brackets.0);
    for (at, (key, value)) in members.into_iter().enumerate() {
        if at > 0 {
            out.push_str(if step.is_some() { "," } else { ", " });
        }
        out.push_str(&newline(depth + 1).unwrap_or_default());
        if let Some(key) = key {
            quote(out, &key);
            out.push_str(": ");
        }
        write(out, &value, step, depth + 1)?;
    }
    if !empty {
        out.push_str(&newline(depth).unwrap_or_default());
    }
    out.push(brackets.1);
    Ok(())
}

fn quote(out: &mut String, text: &str) {
    if !budget::allow(text.len().saturating_mul(6)) {
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                let mut units = [0u16; 2];
                out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    out.push('"');
}
