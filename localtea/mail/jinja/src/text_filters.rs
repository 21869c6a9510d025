//! Jinja2's filters on text. They take any value as its str() and keep safe text safe where Jinja2 does.

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, State};

use crate::budget;
use crate::errors::refuse;
use crate::filters::{as_float, autoescape, bind, count, truth};
use crate::python::{escape, html, is_space, lines, same_kind, str_of};
use crate::{unescape, wordwrap};

type Args = Rest<ValueOrKwargs>;

pub fn register(environment: &mut Environment<'static>) {
    environment.add_filter("upper", |value: Value| same_kind(&value, str_of(&value).to_uppercase()));
    environment.add_filter("lower", |value: Value| same_kind(&value, str_of(&value).to_lowercase()));
    environment.add_filter("capitalize", |value: Value| same_kind(&value, capitalized(&str_of(&value))));
    environment.add_filter("title", |value: Value| minijinja::filters::title(str_of(&value).into()));
    environment.add_filter("trim", trim);
    environment.add_filter("replace", replace);
    environment.add_filter("center", center);
    environment.add_filter("indent", indent);
    environment.add_filter("truncate", truncate);
    environment.add_filter("wordwrap", wrap);
    environment.add_filter("wordcount", wordcount);
    environment.add_filter("striptags", |value: Value| strip_tags(&str_of(&value)));
    environment.add_filter("filesizeformat", file_size);
}

fn input(bound: &[Option<Value>]) -> Value {
    bound[0].clone().unwrap_or_default()
}

/// The input of a filter that Python calls methods of `str` on.
fn text_input(filter: &str, bound: &[Option<Value>]) -> Result<Value, Error> {
    Some(input(bound))
        .filter(|value| value.kind() == ValueKind::String)
        .ok_or_else(|| refuse(format!("{filter} needs text")))
}

/// An argument to a method of `like`: Markup's methods escape theirs.
pub fn operand(like: &Value, argument: &Value) -> String {
    if like.is_safe() {
        html(argument)
    } else {
        str_of(argument)
    }
}

/// str.capitalize.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| titled(first) + &chars.as_str().to_lowercase())
}

/// One character at the start of a word: of those that become two, the first alone is a capital.
pub fn titled(c: char) -> String {
    let mut upper = c.to_uppercase();
    upper.next().into_iter().chain(upper.flat_map(char::to_lowercase)).collect()
}

fn trim(args: Args) -> Result<Value, Error> {
    let bound = bind("trim", &["value", "chars"], args)?;
    let value = input(&bound);
    Ok(same_kind(
        &value,
        strip(&str_of(&value), bound[1].as_ref().map(|chars| operand(&value, chars))).to_string(),
    ))
}

fn strip(text: &str, chars: Option<String>) -> &str {
    match chars {
        Some(chars) => text.trim_matches(|c| chars.contains(c)),
        None => text.trim_matches(is_space),
    }
}

fn replace(state: &mut State, args: Args) -> Result<Value, Error> {
    let bound = bind("replace", &["s", "old", "new", "count"], args)?;
    let [old, new] = [bound[1].clone().unwrap_or_default(), bound[2].clone().unwrap_or_default()];
    let limit = usize::try_from(count("replace", &bound[3], -1)?).unwrap_or(usize::MAX);
    let mut value = input(&bound);
    if !autoescape(state) {
        return Ok(Value::from(replaced(&str_of(&value), &str_of(&old), &str_of(&new), limit)?));
    }
    if old.is_safe() || new.is_safe() {
        value = Value::from_safe_string(html(&value));
    }
    let text = replaced(&str_of(&value), &operand(&value, &old), &operand(&value, &new), limit)?;
    Ok(same_kind(&value, text))
}

/// str.replace(old, new, limit), paid for before it is made.
pub fn replaced(text: &str, old: &str, new: &str, limit: usize) -> Result<String, Error> {
    let times = text.matches(old).count().min(limit);
    budget::spend(times.saturating_mul(new.len()))?;
    Ok(text.replacen(old, new, limit))
}

fn center(args: Args) -> Result<Value, Error> {
    let bound = bind("center", &["value", "width"], args)?;
    let value = input(&bound);
    let text = str_of(&value);
    let width = usize::try_from(count("center", &bound[1], 80)?).unwrap_or(0);
    budget::spend(width)?;
    Ok(same_kind(&value, centered(&text, width, ' ')))
}

/// str.center: of an odd gap the extra space goes left when the width is odd, too.
pub fn centered(text: &str, width: usize, fill: char) -> String {
    let gap = width.saturating_sub(text.chars().count());
    let left = gap / 2 + (gap & width & 1);
    let filled = |size: usize| std::iter::repeat(fill).take(size).collect::<String>();
    format!("{}{}{}", filled(left), text, filled(gap - left))
}

fn indent(args: Args) -> Result<Value, Error> {
    let bound = bind("indent", &["s", "width", "first", "blank"], args)?;
    let value = text_input("indent", &bound)?;
    let indentation = match bound[1].as_ref().filter(|width| width.kind() == ValueKind::String) {
        Some(text) => str_of(text),
        None => {
            let width = usize::try_from(count("indent", &bound[1], 4)?).unwrap_or(0);
            budget::spend(width)?;
            " ".repeat(width)
        }
    };
    let (first, blank) = (truth(&bound[2], false), truth(&bound[3], false));
    let text = str_of(&value) + "\n";
    budget::spend(text.matches('\n').count().saturating_mul(indentation.len()))?;
    let mut out = if first { indentation.clone() } else { String::new() };
    for (at, line) in lines(&text, false).into_iter().enumerate() {
        if at > 0 {
            out.push('\n');
            out.push_str(if blank || !line.is_empty() { &indentation } else { "" });
        }
        out.push_str(line);
    }
    Ok(same_kind(&value, out))
}

fn truncate(args: Args) -> Result<Value, Error> {
    let bound = bind("truncate", &["s", "length", "killwords", "end", "leeway"], args)?;
    let value = input(&bound);
    let size = |at: usize, default| {
        count("truncate", &bound[at], default).map(|size| usize::try_from(size).unwrap_or(0))
    };
    let (length, leeway) = (size(1, 255)?, size(4, 5)?);
    let end = bound[3].clone().unwrap_or_else(|| Value::from("..."));
    let text = str_of(&value);
    budget::spend(0)?;
    let chars: Vec<char> = text.chars().collect();
    let Some(keep) = length.checked_sub(str_of(&end).chars().count()) else {
        return Err(refuse("truncate: length is shorter than the end"));
    };
    let fits = |size: usize| size <= length.saturating_add(leeway);
    if value.len().map_or(value.is_undefined(), fits) {
        return Ok(value);
    }
    if value.kind() != ValueKind::String {
        return Err(refuse("truncate needs text"));
    }
    let head = &chars[..keep];
    let cut = if truth(&bound[2], false) { None } else { head.iter().rposition(|c| *c == ' ') };
    let head = same_kind(&value, head[..cut.unwrap_or(keep)].iter().collect());
    Ok(joined(&head, &end))
}

/// `left + right`, where one safe side makes the sum safe and escapes the other.
fn joined(left: &Value, right: &Value) -> Value {
    if left.is_safe() || right.is_safe() {
        Value::from_safe_string(html(left) + &html(right))
    } else {
        Value::from(str_of(left) + &str_of(right))
    }
}

fn wrap(args: Args) -> Result<Value, Error> {
    let bound =
        bind("wordwrap", &["s", "width", "break_long_words", "wrapstring", "break_on_hyphens"], args)?;
    let options = wordwrap::Options {
        width: usize::try_from(count("wordwrap", &bound[1], 79)?)
            .ok()
            .filter(|width| *width > 0)
            .ok_or_else(|| refuse("wordwrap: width must be positive"))?,
        break_long_words: truth(&bound[2], true),
        break_on_hyphens: truth(&bound[4], true),
    };
    let newline = bound[3].clone().filter(|text| !text.is_none()).unwrap_or_else(|| Value::from("\n"));
    let text = str_of(&text_input("wordwrap", &bound)?);
    budget::spend(text.len().saturating_mul(1 + newline.len().unwrap_or(0)))?;
    let parts = lines(&text, false).into_iter().map(|line| wordwrap::wrap(line, &options));
    if newline.is_safe() {
        let escaped = parts
            .map(|part| part.iter().map(|line| escape(line)).collect::<Vec<_>>().join(&str_of(&newline)));
        return Ok(Value::from_safe_string(escaped.collect::<Vec<_>>().join(&str_of(&newline))));
    }
    let newline = str_of(&newline);
    Ok(Value::from(parts.map(|part| part.join(&newline)).collect::<Vec<_>>().join(&newline)))
}

fn wordcount(value: Value) -> usize {
    let text = str_of(&value);
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).count()
}

/// Markup.striptags: comments, then tags, then white space to single spaces, then entities.
pub fn strip_tags(text: &str) -> String {
    let text = without(&without(text, "<!--", "-->"), "<", ">");
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    unescape::unescape(&words.join(" "))
}

/// `text` without every stretch from `open` to the next `close`; an unclosed one stays.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let Some(size) = rest[start + open.len()..].find(close) else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + open.len() + size + close.len()..];
    }
    out + rest
}

fn file_size(args: Args) -> Result<Value, Error> {
    let bound = bind("filesizeformat", &["value", "binary"], args)?;
    let value = input(&bound);
    let parsed = value.as_str().and_then(|text| text.trim().parse().ok()).or_else(|| as_float(&value));
    let bytes: f64 = parsed.ok_or_else(|| refuse("filesizeformat needs a number"))?;
    let binary = truth(&bound[1], false);
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    if bytes == 1.0 {
        return Ok(Value::from("1 Byte"));
    }
    if bytes < base {
        return Ok(Value::from(format!("{} Bytes", bytes.trunc() + 0.0)));
    }
    let mut unit = base;
    let mut text = String::new();
    for letter in "kMGTPEZY".chars() {
        unit *= base;
        let prefix = if binary { format!("{}iB", letter.to_ascii_uppercase()) } else { format!("{letter}B") };
        text = format!("{:.1} {prefix}", base * bytes / unit);
        if bytes < unit {
            break;
        }
    }
    Ok(Value::from(text))
}
