//! Jinja2's filters on values, sequences and mappings where minijinja lacks them or differs.

use minijinja::value::{from_args, Kwargs, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, State};

use crate::budget;
use crate::errors::refuse;
use crate::python::{escape, html, is_space, iterate, str_of};
use crate::sequences::attribute_of;

type Args = Rest<ValueOrKwargs>;

pub fn register(environment: &mut Environment<'static>) {
    environment.add_filter("escape", |value: Value| Value::from_safe_string(html(&value)));
    environment.add_filter("e", |value: Value| Value::from_safe_string(html(&value)));
    environment.add_filter("forceescape", |value: Value| Value::from_safe_string(escape(&str_of(&value))));
    environment.add_filter("safe", |value: Value| Value::from_safe_string(str_of(&value)));
    environment.add_filter(
        "string",
        |value: Value| if value.is_safe() { value } else { Value::from(str_of(&value)) },
    );
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("int", int);
    environment.add_filter("float", float);
    environment.add_filter("round", round);
    environment.add_filter("join", join);
    environment.add_filter("format", crate::printf::format);
    environment.add_filter("tojson", crate::json::tojson);
    environment.add_filter("urlencode", crate::url::urlencode);
    environment.add_filter("xmlattr", xmlattr);
}

/// The arguments of a call under their parameters' names, as Python binds them; None where not given.
pub fn bind(filter: &str, parameters: &[&str], args: Args) -> Result<Vec<Option<Value>>, Error> {
    let values = args.into_values();
    let (positional, named): (&[Value], Kwargs) = from_args(&values)?;
    if positional.len() > parameters.len() {
        return Err(refuse(format!("{filter} takes at most {} arguments", parameters.len() - 1)));
    }
    let mut bound: Vec<Option<Value>> = positional.iter().cloned().map(Some).collect();
    bound.resize(parameters.len(), None);
    for name in named.args() {
        match parameters.iter().position(|parameter| *parameter == name) {
            Some(at) => bound[at] = Some(named.get(name)?),
            None => return Err(refuse(format!("{filter} has no argument {name}"))),
        }
    }
    Ok(bound)
}

pub fn truth(argument: &Option<Value>, default: bool) -> bool {
    argument.as_ref().map_or(default, Value::is_true)
}

pub fn count(filter: &str, argument: &Option<Value>, default: i64) -> Result<i64, Error> {
    let convert = |value: &Value| {
        i64::try_from(value.clone()).map_err(|_| refuse(format!("{filter} needs an integer")))
    };
    argument.as_ref().filter(|value| !value.is_none()).map_or(Ok(default), convert)
}

pub fn autoescape(state: &State) -> bool {
    !matches!(state.auto_escape(), AutoEscape::None)
}

fn default(args: Args) -> Result<Value, Error> {
    let bound = bind("default", &["value", "default_value", "boolean"], args)?;
    let value = bound[0].clone().unwrap_or_default();
    let replace = value.is_undefined() || (truth(&bound[2], false) && !value.is_true());
    Ok(if replace { bound[1].clone().unwrap_or_else(|| Value::from("")) } else { value })
}

fn int(args: Args) -> Result<Value, Error> {
    let bound = bind("int", &["value", "default", "base"], args)?;
    let base = count("int", &bound[2], 10)?;
    let value = number_input("int", &bound[0])?;
    let parsed = match value.as_str() {
        Some(text) => parse_int(text, base).or_else(|| parse_float(text).and_then(truncated)),
        None if value.is_integer() => return Ok(value),
        None => as_float(&value).and_then(truncated),
    };
    Ok(parsed.map(Value::from).unwrap_or_else(|| bound[1].clone().unwrap_or_else(|| Value::from(0))))
}

fn float(args: Args) -> Result<Value, Error> {
    let bound = bind("float", &["value", "default"], args)?;
    let value = number_input("float", &bound[0])?;
    let parsed = match value.as_str() {
        Some(text) => parse_float(text),
        None => as_float(&value),
    };
    Ok(parsed.map(Value::from).unwrap_or_else(|| bound[1].clone().unwrap_or_else(|| Value::from(0.0))))
}

fn number_input(filter: &str, value: &Option<Value>) -> Result<Value, Error> {
    let value = value.clone().unwrap_or_default();
    if value.is_undefined() {
        Err(refuse(format!("{filter} of an undefined value")))
    } else {
        Ok(value)
    }
}

pub fn as_float(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    }
}

fn truncated(number: f64) -> Option<i128> {
    (number.is_finite() && number.abs() < 1e38).then_some(number as i128)
}

/// Python allows single underscores between digits.
fn without_underscores(text: &str) -> Option<String> {
    let text = text.trim_matches(is_space);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let lone = |(at, _): (usize, &str)| {
        digit(text[..at].chars().next_back()) && digit(text[at + 1..].chars().next())
    };
    text.match_indices('_').all(lone).then(|| text.replace('_', ""))
}

fn parse_int(text: &str, base: i64) -> Option<i128> {
    let text = without_underscores(text)?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let prefix = match base {
        2 => ["0b", "0B"],
        8 => ["0o", "0O"],
        16 => ["0x", "0X"],
        _ => return parse_digits(digits, base).map(|number| sign * number),
    };
    let digits = prefix.iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
    parse_digits(digits, base).map(|number| sign * number)
}

fn parse_digits(digits: &str, base: i64) -> Option<i128> {
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base))?;
    if digits.starts_with(['+', '-']) {
        None
    } else {
        i128::from_str_radix(digits, base).ok()
    }
}

fn parse_float(text: &str) -> Option<f64> {
    without_underscores(text)?.parse().ok()
}

fn round(args: Args) -> Result<Value, Error> {
    let bound = bind("round", &["value", "precision", "method"], args)?;
    let value = number_input("round", &bound[0])?;
    let precision =
        i32::try_from(count("round", &bound[1], 0)?).map_err(|_| refuse("round: precision out of range"))?;
    let method = bound[2].as_ref().map_or("common".into(), str_of);
    let directed = match method.as_str() {
        "common" => {
            let plain =
                if value.kind() == ValueKind::Bool { Value::from(i64::from(value.is_true())) } else { value };
            let rounded: Kwargs = [("precision", Value::from(precision))].into_iter().collect();
            return minijinja::filters::round(plain, None, None, rounded);
        }
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        _ => return Err(refuse("round: method must be common, ceil or floor")),
    };
    let number = as_float(&value).ok_or_else(|| refuse("round needs a number"))?;
    let factor = 10f64.powi(precision);
    Ok(Value::from((directed(number * factor) + 0.0) / factor))
}

fn join(state: &mut State, args: Args) -> Result<Value, Error> {
    let bound = bind("join", &["value", "d", "attribute"], args)?;
    let separator = bound[1].clone().unwrap_or_else(|| Value::from(""));
    let items = iterate(&bound[0].clone().unwrap_or_default())?;
    let items = items.iter().map(|item| attribute_of(item, &bound[2])).collect::<Result<Vec<_>, _>>()?;
    budget::spend(items.len().saturating_mul(separator.len().unwrap_or(0)))?;
    let as_html = autoescape(state) && (separator.is_safe() || items.iter().any(Value::is_safe));
    if !as_html {
        let texts: Vec<String> = items.iter().map(str_of).collect();
        return Ok(Value::from(texts.join(&str_of(&separator))));
    }
    let texts: Vec<String> = items.iter().map(html).collect();
    Ok(Value::from_safe_string(texts.join(&html(&separator))))
}

fn xmlattr(state: &mut State, args: Args) -> Result<Value, Error> {
    let bound = bind("xmlattr", &["value", "autospace"], args)?;
    let mapping = bound[0].clone().unwrap_or_default();
    if mapping.kind() != ValueKind::Map {
        return Err(refuse("xmlattr needs a mapping"));
    }
    let mut text = String::new();
    for key in mapping.try_iter()? {
        let value = mapping.get_item(&key)?;
        if value.is_none() || value.is_undefined() {
            continue;
        }
        if str_of(&key).contains(|c: char| is_space(c) || matches!(c, '/' | '>' | '=')) {
            return Err(refuse("xmlattr: a key holds a space, '/', '>' or '='"));
        }
        text.push_str(&format!(" {}=\"{}\"", html(&key), html(&value)));
    }
    let text = if truth(&bound[1], true) { text } else { text.trim_start().to_string() };
    Ok(if autoescape(state) { Value::from_safe_string(text) } else { Value::from(text) })
}
