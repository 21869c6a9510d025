//! Python's format specification mini-language: what stands behind format(value, spec) and the % operator.

use minijinja::value::{Value, ValueKind};
use minijinja::Error;

use crate::budget;
use crate::errors::refuse;
use crate::python::{float_repr, str_of};

/// Wider output than any mail needs: a width comes from the template, but may come from its context.
const MAX_SIZE: usize = 10_000;

#[derive(Clone, Default)]
pub struct Spec {
    pub fill: Option<char>,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    pub kind: Option<char>,
}

impl Spec {
    /// Reads `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
    pub fn parse(text: &str) -> Result<Spec, Error> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Spec::default();
        let mut at = 0;
        let is_align = |c: Option<&char>| c.is_some_and(|c| "<>=^".contains(*c));
        if is_align(chars.get(1)) {
            (spec.fill, spec.align, at) = (Some(chars[0]), Some(chars[1]), 2);
        } else if is_align(chars.first()) {
            (spec.align, at) = (Some(chars[0]), 1);
        }
        let mut accept = |wanted: &str| {
            let found = chars.get(at).copied().filter(|c| wanted.contains(*c));
            at += usize::from(found.is_some());
            found
        };
        spec.sign = accept("+- ");
        spec.alternate = accept("#").is_some();
        spec.zero = accept("0").is_some();
        let number = |accept: &mut dyn FnMut(&str) -> Option<char>| {
            let mut digits = String::new();
            while let Some(digit) = accept("0123456789") {
                digits.push(digit);
            }
            digits
        };
        spec.width = size(&number(&mut accept))?.unwrap_or(0);
        spec.grouping = accept(",_");
        if accept(".").is_some() {
            spec.precision = size(&number(&mut accept))?;
            if spec.precision.is_none() {
                return Err(refuse("format: precision is missing"));
            }
        }
        spec.kind = accept("bcdeEfFgGnosxX%");
        if at < chars.len() {
            Err(refuse("format: unknown specification"))
        } else {
            Ok(spec)
        }
    }

    /// format(value, spec).
    pub fn apply(&self, value: &Value) -> Result<String, Error> {
        match value.kind() {
            ValueKind::String => self.text(&str_of(value)),
            ValueKind::Number if value.is_integer() => self.integer(integer_of(value)?),
            ValueKind::Number => self.float(float_of(value)?),
            ValueKind::Bool if self.is_plain() => Ok(str_of(value)),
            ValueKind::Bool => self.integer(i128::from(value.is_true())),
            _ if self.is_plain() => Ok(str_of(value)),
            kind => Err(refuse(format!("format: a value of type {kind} takes no specification"))),
        }
    }

    fn is_plain(&self) -> bool {
        self.width == 0
            && self.kind.is_none()
            && self.align.is_none()
            && self.precision.is_none()
            && self.sign.is_none()
    }

    pub fn text(&self, text: &str) -> Result<String, Error> {
        if !matches!(self.kind, None | Some('s'))
            || self.sign.is_some()
            || self.grouping.is_some()
            || self.align == Some('=')
        {
            return Err(refuse("format: specification is not for text"));
        }
        let text = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect::<String>();
        Ok(self.padded("", &text, '<'))
    }

    pub fn integer(&self, number: i128) -> Result<String, Error> {
        let size = number.unsigned_abs();
        let (prefix, digits) = match self.kind {
            None | Some('d' | 'n') => ("", size.to_string()),
            Some('b') => ("0b", format!("{size:b}")),
            Some('o') => ("0o", format!("{size:o}")),
            Some('x') => ("0x", format!("{size:x}")),
            Some('X') => ("0X", format!("{size:X}")),
            Some('c') => return self.character(number),
            Some('s') => return Err(refuse("format: type s is not for numbers")),
            Some(_) => return self.float(number as f64),
        };
        if self.precision.is_some() {
            return Err(refuse("format: integers take no precision"));
        }
        let head = format!("{}{}", self.sign_of(number < 0), if self.alternate { prefix } else { "" });
        let group = if matches!(self.kind, Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
        Ok(self.numeric(&head, &digits, "", group))
    }

    fn character(&self, number: i128) -> Result<String, Error> {
        let c = u32::try_from(number)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| refuse("format: no such character"))?;
        Ok(self.padded("", &c.to_string(), '<'))
    }

    pub fn float(&self, number: f64) -> Result<String, Error> {
        let head = self.sign_of(number.is_sign_negative() && !number.is_nan());
        let digits = self.float_digits(number.abs())?;
        let digits = if matches!(self.kind, Some('E' | 'F' | 'G')) { digits.to_uppercase() } else { digits };
        let whole = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        Ok(self.numeric(head, &digits[..whole], &digits[whole..], 3))
    }

    fn float_digits(&self, number: f64) -> Result<String, Error> {
        let precision = self.precision.unwrap_or(6);
        if !number.is_finite() {
            return Ok(float_repr(number) + if self.kind == Some('%') { "%" } else { "" });
        }
        Ok(match self.kind {
            Some('f' | 'F') => self.dotted(format!("{number:.precision$}")),
            Some('%') => self.dotted(format!("{:.precision$}", number * 100.0)) + "%",
            Some('e' | 'E') => self.exponent(number, precision),
            Some('g' | 'G' | 'n') => self.general(number, precision, false),
            None if self.precision.is_some() => self.general(number, precision, true),
            None => float_repr(number),
            Some(_) => return Err(refuse("format: type is not for floats")),
        })
    }

    fn dotted(&self, text: String) -> String {
        if self.alternate && !text.contains('.') {
            text + "."
        } else {
            text
        }
    }

    fn exponent(&self, number: f64, precision: usize) -> String {
        let text = format!("{number:.precision$e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}e{:+03}", self.dotted(digits.into()), exponent.parse::<i32>().unwrap_or_default())
    }

    /// `precision` significant digits, an exponent only where it is needed; `dot_zero` as str() of a float has.
    fn general(&self, number: f64, precision: usize, dot_zero: bool) -> String {
        let precision = precision.max(1);
        let text = format!("{number:.*e}", precision - 1);
        let exponent: i32 =
            text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or_default();
        let limit = precision as i32 - i32::from(dot_zero);
        if exponent < -4 || exponent >= limit {
            let text = self.exponent(number, precision - 1);
            let (digits, power) = text.split_once('e').unwrap_or((&text, "+00"));
            return format!("{}e{power}", self.stripped(digits));
        }
        let text = format!("{number:.*}", (precision as i32 - 1 - exponent).max(0) as usize);
        let text = self.stripped(&text);
        if dot_zero && !text.contains('.') {
            text + ".0"
        } else {
            text
        }
    }

    fn stripped(&self, digits: &str) -> String {
        if self.alternate || !digits.contains('.') {
            return self.dotted(digits.into());
        }
        digits.trim_end_matches('0').trim_end_matches('.').into()
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match self.sign {
            _ if negative => "-",
            Some('+') => "+",
            Some(' ') => " ",
            _ => "",
        }
    }

    /// Sign and prefix, digits with their grouping, and what follows the whole part, padded.
    fn numeric(&self, head: &str, digits: &str, tail: &str, group: usize) -> String {
        let zeros = self.zero && self.align.is_none();
        let room = self.width.saturating_sub(head.len() + tail.len());
        let mut digits = digits.to_string();
        if let Some(separator) = self.grouping {
            let mut grouped = with_groups(&digits, separator, group);
            while zeros && grouped.len() < room {
                digits.insert(0, '0');
                grouped = with_groups(&digits, separator, group);
            }
            digits = grouped;
        } else if zeros && digits.len() < room {
            digits = "0".repeat(room - digits.len()) + &digits;
        }
        self.padded(head, &(digits + tail), '>')
    }

    fn padded(&self, head: &str, body: &str, default_align: char) -> String {
        let gap = self.width.saturating_sub(head.chars().count() + body.chars().count());
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let pad = |size: usize| fill.to_string().repeat(size);
        match self.align.unwrap_or(default_align) {
            '<' => format!("{head}{body}{}", pad(gap)),
            '^' => format!("{}{head}{body}{}", pad(gap / 2), pad(gap - gap / 2)),
            '=' => format!("{head}{}{body}", pad(gap)),
            _ => format!("{}{head}{body}", pad(gap)),
        }
    }
}

fn with_groups(digits: &str, separator: char, group: usize) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % group == 0 {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A width or precision; None when there are no digits.
pub fn size(digits: &str) -> Result<Option<usize>, Error> {
    if digits.is_empty() {
        return Ok(None);
    }
    let size = digits.parse().ok().filter(|size: &usize| *size <= MAX_SIZE);
    let size = size.ok_or_else(|| refuse(format!("format: width and precision are at most {MAX_SIZE}")))?;
    budget::spend(size.saturating_mul(4))?;
    Ok(Some(size))
}

pub fn integer_of(value: &Value) -> Result<i128, Error> {
    i128::try_from(value.clone()).map_err(|_| refuse("format: an integer is required"))
}

pub fn float_of(value: &Value) -> Result<f64, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).map_err(|_| refuse("format: a number is required")),
        _ => Err(refuse("format: a number is required")),
    }
}
