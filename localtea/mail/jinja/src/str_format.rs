//! Python's str.format, and Markup.format, which escapes what it inserts.

use minijinja::value::{from_args, Kwargs, Value, ValueKind};
use minijinja::Error;

use crate::errors::refuse;
use crate::format_spec::Spec;
use crate::python::{escape, repr, same_kind, str_of};

pub fn format(template: &Value, args: &[Value]) -> Result<Value, Error> {
    let (positional, named): (&[Value], Kwargs) = from_args(args)?;
    let text: Vec<char> = str_of(template).chars().collect();
    let mut fields = Fields { positional, named: &named, next: Some(0), safe: template.is_safe() };
    Ok(same_kind(template, fields.expand(&text, 2)?))
}

struct Fields<'a> {
    positional: &'a [Value],
    named: &'a Kwargs,
    /// The next automatic number; None once a field was numbered by hand.
    next: Option<usize>,
    safe: bool,
}

impl Fields<'_> {
    /// `depth` bounds fields inside the specifications of fields, as Python does.
    fn expand(&mut self, text: &[char], depth: usize) -> Result<String, Error> {
        if depth == 0 {
            return Err(refuse("format: fields are nested too deeply"));
        }
        let mut out = String::new();
        let mut at = 0;
        while at < text.len() {
            match (text[at], text.get(at + 1)) {
                ('{', Some('{')) | ('}', Some('}')) => {
                    out.push(text[at]);
                    at += 2;
                }
                ('{', _) => {
                    let end = closing(text, at)?;
                    out.push_str(&self.field(&text[at + 1..end], depth)?);
                    at = end + 1;
                }
                ('}', _) => return Err(refuse("format: single } in the format")),
                (c, _) => {
                    out.push(c);
                    at += 1;
                }
            }
        }
        Ok(out)
    }

    fn field(&mut self, field: &[char], depth: usize) -> Result<String, Error> {
        let split = field.iter().position(|c| matches!(c, ':' | '!')).unwrap_or(field.len());
        let name: String = field[..split].iter().collect();
        let (conversion, spec) = match field.get(split) {
            Some('!') if field.len() == split + 2 => (Some(field[split + 1]), &[][..]),
            Some('!') if field.get(split + 2) == Some(&':') => (Some(field[split + 1]), &field[split + 3..]),
            Some('!') => return Err(refuse("format: a conversion is one character")),
            Some(_) => (None, &field[split + 1..]),
            None => (None, &[][..]),
        };
        let value = self.lookup(&name)?;
        let value = match conversion {
            None => value,
            Some('s') => Value::from(str_of(&value)),
            Some('r' | 'a') => Value::from(repr(&value)),
            Some(other) => return Err(refuse(format!("format: unknown conversion !{other}"))),
        };
        let spec = self.expand(spec, depth - 1 + usize::from(spec.is_empty()))?;
        self.insert(&value, &spec)
    }

    fn insert(&self, value: &Value, spec: &str) -> Result<String, Error> {
        if self.safe && value.is_safe() {
            return if spec.is_empty() {
                Ok(str_of(value))
            } else {
                Err(refuse("format: safe text takes no specification"))
            };
        }
        let text = if spec.is_empty() { str_of(value) } else { Spec::parse(spec)?.apply(value)? };
        Ok(if self.safe { escape(&text) } else { text })
    }

    fn lookup(&mut self, name: &str) -> Result<Value, Error> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let mut value = self.argument(&name[..end])?;
        let mut rest = &name[end..];
        while !rest.is_empty() {
            let (part, after, index) = match rest.strip_prefix('[') {
                Some(inner) => inner
                    .split_once(']')
                    .map(|(part, after)| (part, after, true))
                    .ok_or_else(|| refuse("format: missing ]"))?,
                None => {
                    let inner =
                        rest.strip_prefix('.').ok_or_else(|| refuse("format: only . or [ may follow ]"))?;
                    let end = inner.find(['.', '[']).unwrap_or(inner.len());
                    (&inner[..end], &inner[end..], false)
                }
            };
            value = match part.parse::<usize>() {
                Ok(number) if index => value.get_item(&Value::from(number))?,
                _ => value.get_attr(part)?,
            };
            if value.kind() == ValueKind::Undefined {
                return Err(refuse("format: a field's argument has no such part"));
            }
            rest = after;
        }
        Ok(value)
    }

    fn argument(&mut self, name: &str) -> Result<Value, Error> {
        let at = match (name.parse::<usize>(), self.next) {
            (Ok(number), next) => {
                if next.is_some_and(|next| next > 0) {
                    return Err(refuse("format: automatic and manual field numbers are mixed"));
                }
                self.next = None;
                number
            }
            (Err(_), Some(next)) if name.is_empty() => {
                self.next = Some(next + 1);
                next
            }
            (Err(_), None) if name.is_empty() => {
                return Err(refuse("format: automatic and manual field numbers are mixed"))
            }
            _ => return self.named.get::<Value>(name).map_err(|_| refuse("format: no such argument")),
        };
        self.positional.get(at).cloned().ok_or_else(|| refuse("format: not enough arguments"))
    }
}

/// The brace that closes the one at `open`.
fn closing(text: &[char], open: usize) -> Result<usize, Error> {
    let mut depth = 0usize;
    for (at, c) in text.iter().enumerate().skip(open) {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Ok(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(refuse("format: expected } before the end"))
}
