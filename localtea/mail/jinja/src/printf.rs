//! The `format` filter: Python's `text % arguments`.

use minijinja::value::{from_args, Kwargs, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::Error;

use crate::errors::refuse;
use crate::format_spec::{float_of, integer_of, size, Spec};
use crate::python::{escape, html, repr, same_kind, str_of};

pub fn format(value: Value, args: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let values = args.into_values();
    let (positional, named): (&[Value], Kwargs) = from_args(&values)?;
    let names = named.args().map(str::to_string).collect::<Vec<_>>();
    if !positional.is_empty() && !names.is_empty() {
        return Err(refuse("format: positional and keyword arguments cannot be mixed"));
    }
    let text = str_of(&value);
    let mut run = Run {
        rest: text.chars().peekable(),
        positional: positional.iter(),
        named: &named,
        safe: value.is_safe(),
    };
    let out = run.all()?;
    if run.positional.next().is_some() {
        return Err(refuse("format: not all arguments converted"));
    }
    Ok(same_kind(&value, out))
}

struct Run<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    positional: std::slice::Iter<'a, Value>,
    named: &'a Kwargs,
    /// The format is safe text: arguments are escaped.
    safe: bool,
}

impl Run<'_> {
    fn all(&mut self) -> Result<String, Error> {
        let mut out = String::new();
        while let Some(c) = self.rest.next() {
            match c {
                '%' => out.push_str(&self.conversion()?),
                c => out.push(c),
            }
        }
        Ok(out)
    }

    fn conversion(&mut self) -> Result<String, Error> {
        let key = self.key()?;
        let mut spec = self.flags();
        if let Some(width) = self.number()? {
            spec.align = spec.align.or((width < 0).then_some('<'));
            spec.width = width.unsigned_abs();
        }
        if self.rest.next_if_eq(&'.').is_some() {
            spec.precision = Some(usize::try_from(self.number()?.unwrap_or(0)).unwrap_or(0));
        }
        while self.rest.next_if(|c| "hlL".contains(*c)).is_some() {}
        let kind = self.rest.next().ok_or_else(|| refuse("format: incomplete format"))?;
        if kind == '%' {
            return Ok("%".into());
        }
        let value = match key {
            Some(key) => self.named.get::<Value>(&key).map_err(|_| refuse("format: no such argument"))?,
            None => self.next()?,
        };
        self.convert(&value, kind, spec)
    }

    fn key(&mut self) -> Result<Option<String>, Error> {
        if self.rest.next_if_eq(&'(').is_none() {
            return Ok(None);
        }
        let mut key = String::new();
        loop {
            match self.rest.next() {
                Some(')') => return Ok(Some(key)),
                Some(c) => key.push(c),
                None => return Err(refuse("format: incomplete format key")),
            }
        }
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(flag) = self.rest.next_if(|c| "#0- +".contains(*c)) {
            match flag {
                '#' => spec.alternate = true,
                '0' => spec.zero = true,
                '-' => spec.align = Some('<'),
                '+' => spec.sign = Some('+'),
                _ => spec.sign = spec.sign.or(Some(' ')),
            }
        }
        spec
    }

    fn number(&mut self) -> Result<Option<isize>, Error> {
        if self.rest.next_if_eq(&'*').is_some() {
            let number = integer_of(&self.next()?)?;
            size(&number.unsigned_abs().to_string())?;
            return Ok(isize::try_from(number).ok());
        }
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        Ok(size(&digits)?.and_then(|size| isize::try_from(size).ok()))
    }

    fn next(&mut self) -> Result<Value, Error> {
        self.positional.next().cloned().ok_or_else(|| refuse("format: not enough arguments"))
    }

    fn convert(&self, value: &Value, kind: char, mut spec: Spec) -> Result<String, Error> {
        let right = |spec: Spec| Spec { align: spec.align.or(Some('>')), sign: None, zero: false, ..spec };
        match kind {
            's' if self.safe => right(spec).text(&html(value)),
            's' => right(spec).text(&str_of(value)),
            'r' | 'a' if self.safe => right(spec).text(&escape(&repr(value))),
            'r' => right(spec).text(&repr(value)),
            'c' if value.kind() == ValueKind::String => right(spec).text(&single(value)?),
            'c' => right(Spec { kind: Some('c'), ..spec }).integer(integer_of(value)?),
            'd' | 'i' | 'u' => integer(&mut spec, whole(value)?, None),
            'o' | 'x' | 'X' => integer(&mut spec, integer_of(value)?, Some(kind)),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => Spec { kind: Some(kind), ..spec }.float(float_of(value)?),
            kind => Err(refuse(format!("format: unknown conversion %{kind}"))),
        }
    }
}

/// %d of a float cuts its fraction off.
fn whole(value: &Value) -> Result<i128, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(i128::from(value.is_true())),
        ValueKind::Number if value.is_integer() => integer_of(value),
        _ => float_of(value).and_then(|number| {
            let fits = number.is_finite() && number.abs() < 1e38;
            if fits {
                Ok(number as i128)
            } else {
                Err(refuse("format: number out of range"))
            }
        }),
    }
}

/// The precision of an integer is its least number of digits.
fn integer(spec: &mut Spec, number: i128, kind: Option<char>) -> Result<String, Error> {
    spec.kind = kind;
    let Some(digits) = spec.precision.take() else { return spec.integer(number) };
    let bare = Spec { kind, ..Spec::default() }.integer(number.saturating_abs())?;
    let sign =
        if number < 0 { "-" } else { spec.sign.map_or("", |sign| if sign == '+' { "+" } else { " " }) };
    let zeros = "0".repeat(digits.saturating_sub(bare.len()));
    Spec { align: spec.align.or(Some('>')), width: spec.width, ..Spec::default() }
        .text(&format!("{sign}{zeros}{bare}"))
}

fn single(value: &Value) -> Result<String, Error> {
    let text = str_of(value);
    if text.chars().count() == 1 {
        Ok(text)
    } else {
        Err(refuse("format: %c requires an integer or one character"))
    }
}
