//! Python's operators on values: numbers, text, lists; what Python refuses is refused.

use std::cmp::Ordering;

use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::Error;

use crate::budget;
use crate::errors::refuse;
use crate::objects::View;
use crate::python::{html, iterate, same_kind, str_of, type_name};

#[derive(Clone, Copy)]
enum Number {
    Whole(i128),
    Real(f64),
}
use Number::{Real, Whole};

fn number(value: &Value) -> Option<Number> {
    match value.kind() {
        ValueKind::Bool => Some(Whole(i128::from(value.is_true()))),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok().map(Whole),
        ValueKind::Number => f64::try_from(value.clone()).ok().map(Real),
        _ => None,
    }
}

fn real(number: Number) -> f64 {
    match number {
        Whole(whole) => whole as f64,
        Real(real) => real,
    }
}

fn unsupported(operator: &str, left: &Value, right: &Value) -> Error {
    refuse(format!("{operator} between {} and {}", type_name(left), type_name(right)))
}

/// Python's integers have no end; ours do, and say so.
fn whole(result: Option<i128>) -> Result<Value, Error> {
    let result = result.ok_or_else(|| refuse("a whole number beyond 128 bits is not supported"))?;
    Ok(i64::try_from(result).map_or_else(|_| Value::from(result), Value::from))
}

pub fn add(left: &Value, right: &Value) -> Result<Value, Error> {
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return match (a, b) {
            (Whole(a), Whole(b)) => whole(a.checked_add(b)),
            _ => Ok(Value::from(real(a) + real(b))),
        };
    }
    match (type_name(left), type_name(right)) {
        ("str" | "Markup", "str" | "Markup") => joined(left, right),
        ("list", "list") => Ok(Value::from(both(left, right)?)),
        ("tuple", "tuple") => Ok(Value::from(Tuple::from(both(left, right)?))),
        _ => Err(unsupported("+", left, right)),
    }
}

/// Two texts: one safe side makes the sum safe and escapes the other.
fn joined(left: &Value, right: &Value) -> Result<Value, Error> {
    budget::spend(left.len().unwrap_or(0) + right.len().unwrap_or(0))?;
    Ok(if left.is_safe() || right.is_safe() {
        Value::from_safe_string(html(left) + &html(right))
    } else {
        Value::from(str_of(left) + &str_of(right))
    })
}

fn both(left: &Value, right: &Value) -> Result<Vec<Value>, Error> {
    budget::spend_slots(left.len().unwrap_or(0) + right.len().unwrap_or(0))?;
    Ok(left.try_iter()?.chain(right.try_iter()?).collect())
}

pub fn subtract(left: &Value, right: &Value) -> Result<Value, Error> {
    match (number(left), number(right)) {
        (Some(Whole(a)), Some(Whole(b))) => whole(a.checked_sub(b)),
        (Some(a), Some(b)) => Ok(Value::from(real(a) - real(b))),
        _ => Err(unsupported("-", left, right)),
    }
}

pub fn multiply(left: &Value, right: &Value) -> Result<Value, Error> {
    match (number(left), number(right)) {
        (Some(Whole(a)), Some(Whole(b))) => whole(a.checked_mul(b)),
        (Some(a), Some(b)) => Ok(Value::from(real(a) * real(b))),
        (None, Some(Whole(times))) => {
            repeated(left, times).unwrap_or_else(|| Err(unsupported("*", left, right)))
        }
        (Some(Whole(times)), None) => {
            repeated(right, times).unwrap_or_else(|| Err(unsupported("*", left, right)))
        }
        _ => Err(unsupported("*", left, right)),
    }
}

fn repeated(value: &Value, times: i128) -> Option<Result<Value, Error>> {
    let kind = type_name(value);
    if !matches!(kind, "str" | "Markup" | "list" | "tuple") {
        return None;
    }
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    let size = value.as_str().map_or(value.len().unwrap_or(0).saturating_mul(32), str::len);
    Some(budget::spend(size.saturating_mul(times)).and_then(|()| {
        if size == 0 {
            return Ok(value.clone());
        }
        if let Some(text) = value.as_str() {
            return Ok(same_kind(value, text.repeat(times)));
        }
        let items: Vec<Value> = value.try_iter()?.collect();
        let items: Vec<Value> = (0..times).flat_map(|_| items.iter().cloned()).collect();
        Ok(if kind == "tuple" { Value::from(Tuple::from(items)) } else { Value::from(items) })
    }))
}

pub fn divide(left: &Value, right: &Value) -> Result<Value, Error> {
    match (number(left), number(right)) {
        (Some(_), Some(b)) if real(b) == 0.0 => Err(refuse("division by zero")),
        (Some(a), Some(b)) => Ok(Value::from(real(a) / real(b))),
        _ => Err(unsupported("/", left, right)),
    }
}

/// Python rounds a quotient down, so that a remainder has the divisor's sign.
pub fn divide_floor(left: &Value, right: &Value) -> Result<Value, Error> {
    match (number(left), number(right)) {
        (Some(_), Some(b)) if real(b) == 0.0 => Err(refuse("division by zero")),
        (Some(Whole(a)), Some(Whole(b))) => {
            whole(a.checked_div(b).map(|quotient| quotient - i128::from(a % b != 0 && (a < 0) != (b < 0))))
        }
        (Some(a), Some(b)) => {
            let (a, b) = (real(a), real(b));
            let quotient = (a - remainder_of(a, b)) / b;
            let floor = if quotient == 0.0 { 0f64.copysign(a / b) } else { quotient.floor() };
            Ok(Value::from(if quotient - floor > 0.5 { floor + 1.0 } else { floor }))
        }
        _ => Err(unsupported("//", left, right)),
    }
}

fn remainder_of(a: f64, b: f64) -> f64 {
    match a % b {
        0.0 => 0f64.copysign(b),
        rest if (rest < 0.0) != (b < 0.0) => rest + b,
        rest => rest,
    }
}

pub fn remainder(left: &Value, right: &Value) -> Result<Value, Error> {
    if left.kind() == ValueKind::String {
        return Err(refuse("the % operator on text is not supported: use the format filter"));
    }
    match (number(left), number(right)) {
        (Some(_), Some(b)) if real(b) == 0.0 => Err(refuse("division by zero")),
        (Some(Whole(a)), Some(Whole(b))) => {
            whole(
                a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
            )
        }
        (Some(a), Some(b)) => Ok(Value::from(remainder_of(real(a), real(b)))),
        _ => Err(unsupported("%", left, right)),
    }
}

pub fn power(left: &Value, right: &Value) -> Result<Value, Error> {
    match (number(left), number(right)) {
        (Some(Whole(a)), Some(Whole(b))) if b >= 0 => whole(match (a, u32::try_from(b)) {
            (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
            (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
            (_, Ok(b)) => a.checked_pow(b),
            _ => None,
        }),
        (Some(a), Some(b)) => {
            let (a, b) = (real(a), real(b));
            if a == 0.0 && b < 0.0 {
                return Err(refuse("zero cannot be raised to a negative power"));
            }
            if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
                return Err(refuse("complex numbers are not supported"));
            }
            match a.powf(b) {
                result if result.is_infinite() && a.is_finite() && b.is_finite() => {
                    Err(refuse("the result of ** is too large"))
                }
                result => Ok(Value::from(result)),
            }
        }
        _ => Err(unsupported("**", left, right)),
    }
}

pub fn negative(value: &Value) -> Result<Value, Error> {
    match number(value) {
        Some(Whole(number)) => whole(number.checked_neg()),
        Some(Real(number)) => Ok(Value::from(-number)),
        None => Err(refuse(format!("- before {}", type_name(value)))),
    }
}

/// The `~` operator of all its operands: where autoescape is on, a safe one makes the whole safe.
pub fn concatenate(parts: &[Value], autoescape: bool) -> Value {
    if autoescape && parts.iter().any(Value::is_safe) {
        Value::from_safe_string(parts.iter().map(html).collect())
    } else {
        Value::from(parts.iter().map(str_of).collect::<String>())
    }
}

pub fn equal(left: &Value, right: &Value) -> bool {
    if !budget::allow(budget::LOOK) {
        return false;
    }
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return numbers(a, b) == Some(Ordering::Equal);
    }
    match (type_name(left), type_name(right)) {
        ("Undefined", "Undefined") | ("NoneType", "NoneType") => true,
        ("str" | "Markup", "str" | "Markup") => {
            left.as_str() == right.as_str() && budget::allow(left.as_str().map_or(0, str::len))
        }
        ("list", "list") | ("tuple", "tuple") | ("range", "range") => {
            left.len() == right.len()
                && pairs(left, right).is_ok_and(|pairs| pairs.iter().all(|(a, b)| equal(a, b)))
        }
        ("dict", "dict") => {
            left.len() == right.len()
                && left.try_iter().is_ok_and(|mut keys| keys.all(|key| same_member(left, right, &key)))
        }
        ("dict_values", "dict_values") => {
            match (left.downcast_object::<View>(), right.downcast_object::<View>()) {
                (Some(left), Some(right)) => std::sync::Arc::ptr_eq(&left, &right),
                _ => false,
            }
        }
        // Sets, which have every item once.
        ("dict_keys", "dict_keys") | ("dict_items", "dict_items") => {
            left.len() == right.len()
                && left
                    .try_iter()
                    .is_ok_and(|mut items| items.all(|item| contains(right, &item).unwrap_or(false)))
        }
        (a, b) if a == b => left == right,
        _ => false,
    }
}

fn same_member(left: &Value, right: &Value, key: &Value) -> bool {
    matches!((member(left, key), member(right, key)), (Some(a), Some(b)) if equal(&a, &b))
}

fn pairs(left: &Value, right: &Value) -> Result<Vec<(Value, Value)>, Error> {
    Ok(left.try_iter()?.zip(right.try_iter()?).collect())
}

/// Compares exactly: a whole number of 64 bits and a double next to it differ.
fn numbers(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Whole(a), Whole(b)) => Some(a.cmp(&b)),
        (Real(a), Real(b)) => a.partial_cmp(&b),
        (Whole(a), Real(b)) => match b {
            b if b.is_nan() => None,
            b if b >= 1.7e38 => Some(Ordering::Less),
            b if b <= -1.7e38 => Some(Ordering::Greater),
            b => Some(a.cmp(&(b.floor() as i128)).then(if b.fract() == 0.0 {
                Ordering::Equal
            } else {
                Ordering::Less
            })),
        },
        (Real(_), Whole(_)) => numbers(b, a).map(Ordering::reverse),
    }
}

/// Which of the two comes first; None where neither does (NaN). Values of different types have no order.
pub fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, Error> {
    budget::spend(budget::LOOK)?;
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return Ok(numbers(a, b));
    }
    match (type_name(left), type_name(right)) {
        ("str" | "Markup", "str" | "Markup") => {
            budget::spend(left.len().unwrap_or(0).min(right.len().unwrap_or(0)))?;
            Ok(left.as_str().partial_cmp(&right.as_str()))
        }
        ("list", "list") | ("tuple", "tuple") => {
            for (a, b) in pairs(left, right)? {
                if !equal(&a, &b) {
                    return order(&a, &b);
                }
            }
            Ok(left.len().partial_cmp(&right.len()))
        }
        _ => Err(unsupported("comparison", left, right)),
    }
}

/// `item in container`.
pub fn contains(container: &Value, item: &Value) -> Result<bool, Error> {
    match type_name(container) {
        "str" | "Markup" => match item.as_str() {
            Some(part) => budget::spend(container.as_str().map_or(0, str::len))
                .map(|()| container.as_str().unwrap_or_default().contains(part)),
            None => Err(refuse("`in` of text needs text")),
        },
        "dict" if !hashable(item) => Err(refuse(format!("a {} cannot be a key", type_name(item)))),
        "dict" => Ok(member(container, item).is_some()),
        _ => Ok(iterate(container)?.iter().any(|known| equal(known, item))),
    }
}

/// What Python takes as a key of a dict.
pub fn hashable(value: &Value) -> bool {
    match type_name(value) {
        "list" | "dict" | "dict_keys" | "dict_items" => false,
        "tuple" => {
            budget::allow(budget::LOOK)
                && value.try_iter().is_ok_and(|mut items| items.all(|item| hashable(&item)))
        }
        _ => true,
    }
}

/// What a mapping has under a key; 1, 1.0 and True are one key.
pub fn member(mapping: &Value, key: &Value) -> Option<Value> {
    let object = mapping.as_object()?;
    if !budget::allow(key.as_str().map_or(0, str::len)) {
        return None;
    }
    let others = || {
        let key = number(key)?;
        let whole = if let Whole(whole) = key { whole } else { real(key) as i128 };
        if numbers(key, Whole(whole)) != Some(Ordering::Equal) {
            return None;
        }
        let same =
            [i64::try_from(whole).map(Value::from).ok()?, Value::from(whole as f64), Value::from(whole == 1)];
        let count = if matches!(whole, 0 | 1) { 3 } else { 2 };
        same[..count].iter().find_map(|key| object.get_value(key))
    };
    object.get_value(key).or_else(others)
}

/// Python's truth of a value: generators and objects are true whatever they hold.
pub fn truth(value: &Value) -> bool {
    match value.kind() {
        ValueKind::Iterable | ValueKind::Plain => true,
        ValueKind::Seq | ValueKind::Map => value.len() != Some(0),
        ValueKind::Number => number(value).map_or(true, |number| real(number) != 0.0),
        _ => value.is_true(),
    }
}
