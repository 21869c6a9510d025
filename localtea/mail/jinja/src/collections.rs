//! Jinja2's filters that look into collections, with what Python's functions refuse.

use minijinja::value::{Rest, Tuple, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error};

use crate::attributes;
use crate::errors::refuse;
use crate::filters::bind;
use crate::operators::{add, negative, order};
use crate::python::{iterate, type_name};
use crate::sequences::attribute_of;

pub fn register(environment: &mut Environment<'static>) {
    environment.add_filter("length", length);
    environment.add_filter("count", length);
    environment.add_filter("list", |value: Value| iterate(&value).map(Value::from));
    environment.add_filter("first", |value: Value| {
        iterate(&value).map(|items| items.first().cloned().unwrap_or_default())
    });
    environment.add_filter("last", |value: Value| match type_name(&value) {
        "generator" => Err(refuse("last of a generator")),
        _ => iterate(&value).map(|items| items.last().cloned().unwrap_or_default()),
    });
    environment.add_filter("abs", |value: Value| match order(&value, &Value::from(0))? {
        Some(std::cmp::Ordering::Less) => negative(&value),
        _ => add(&value, &Value::from(0)),
    });
    environment.add_filter("sum", sum);
    environment.add_filter("items", items);
    environment.add_filter("reverse", reverse);
}

fn length(value: Value) -> Result<usize, Error> {
    match value.kind() {
        ValueKind::Undefined => Ok(0),
        ValueKind::String | ValueKind::Seq | ValueKind::Map => Ok(value.len().unwrap_or(0)),
        _ => Err(refuse(format!("a value of type {} has no length", type_name(&value)))),
    }
}

fn sum(args: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let bound = bind("sum", &["iterable", "attribute", "start"], args)?;
    let start = bound[2].clone().unwrap_or_else(|| Value::from(0));
    if start.kind() == ValueKind::String {
        return Err(refuse("sum of text"));
    }
    let items = iterate(&bound[0].clone().unwrap_or_default())?;
    items.iter().try_fold(start, |total, item| add(&total, &attribute_of(item, &bound[1])?))
}

fn items(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Undefined => Ok(Value::from(Vec::<Value>::new())),
        ValueKind::Map => iterate(&value)?
            .into_iter()
            .map(|key| Ok(Value::from(Tuple::from([key.clone(), value.get_item(&key)?]))))
            .collect::<Result<Vec<_>, Error>>()
            .map(Value::from),
        _ => Err(refuse("items needs a mapping")),
    }
}

/// Text and generators backwards are text and a list; other things are run through once.
fn reverse(value: Value) -> Result<Value, Error> {
    if value.kind() == ValueKind::String {
        return attributes::slice(&value, [Value::from(()), Value::from(()), Value::from(-1)]);
    }
    let backwards = iterate(&value)?.into_iter().rev();
    Ok(match type_name(&value) {
        "generator" => Value::from(backwards.collect::<Vec<_>>()),
        _ => Value::make_one_shot_iterator(backwards),
    })
}
