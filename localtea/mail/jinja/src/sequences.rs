//! Jinja2's filters that order and group. minijinja folds case in ASCII alone; "Чай" and "чай" are one word, too.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Rest, Tuple, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error};

use crate::budget;
use crate::errors::refuse;
use crate::filters::{bind, count, truth};
use crate::operators::{equal, hashable, order};
use crate::python::type_name;
use crate::python::{iterate, str_of};

type Args = Rest<ValueOrKwargs>;

pub fn register(environment: &mut Environment<'static>) {
    environment.add_filter("sort", sort);
    environment.add_filter("unique", unique);
    environment.add_filter("min", |args: Args| extreme("min", Ordering::Less, args));
    environment.add_filter("max", |args: Args| extreme("max", Ordering::Greater, args));
    environment.add_filter("dictsort", dictsort);
    environment.add_filter("groupby", groupby);
    environment.add_filter("batch", batch);
    environment.add_filter("slice", slice);
}

/// What `attribute=` selects: a path of names and positions, or the item itself when there is none.
pub fn attribute_of(item: &Value, path: &Option<Value>) -> Result<Value, Error> {
    let path = match path {
        Some(path) if !path.is_none() => path,
        _ => return Ok(item.clone()),
    };
    if path.is_integer() {
        return item.get_item(path);
    }
    str_of(path).split('.').try_fold(item.clone(), |value, part| match part.parse::<usize>() {
        Ok(index) => value.get_item(&Value::from(index)),
        Err(_) => value.get_attr(part),
    })
}

fn folded(value: Value, case_sensitive: bool) -> Value {
    match value.as_str() {
        Some(text) if !case_sensitive => Value::from(text.to_lowercase()),
        _ => value,
    }
}

/// Items beside the keys they are compared by.
fn keyed(
    filter: &str,
    items: &Option<Value>,
    path: &Option<Value>,
    case_sensitive: bool,
) -> Result<Vec<(Value, Value)>, Error> {
    let key = |item: &Value| Ok::<Value, Error>(folded(attribute_of(item, path)?, case_sensitive));
    listed(filter, items)?.into_iter().map(|item| Ok((key(&item)?, item))).collect()
}

/// A stable sort; reversed, equal items keep their order as well. Values that have no order are an error, which
/// the standard library's sorts have no place for.
fn sorted(mut items: Vec<(Value, Value)>, reverse: bool) -> Result<Vec<(Value, Value)>, Error> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = sorted(items.split_off(items.len() / 2), reverse)?;
    let left = sorted(items, reverse)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let order = order(b, a)?.ok_or_else(|| refuse("NaN cannot be sorted"))?;
        let swap = if reverse { order == Ordering::Greater } else { order == Ordering::Less };
        merged.extend(if swap { right.next() } else { left.next() });
    }
    merged.extend(left.chain(right));
    Ok(merged)
}

fn values(items: Vec<(Value, Value)>) -> Value {
    Value::from(items.into_iter().map(|(_, item)| item).collect::<Vec<_>>())
}

fn sort(args: Args) -> Result<Value, Error> {
    let bound = bind("sort", &["value", "reverse", "case_sensitive", "attribute"], args)?;
    let case_sensitive = truth(&bound[2], false);
    let items = match bound[3].as_ref().and_then(Value::as_str).filter(|paths| paths.contains(',')) {
        None => keyed("sort", &bound[0], &bound[3], case_sensitive)?,
        Some(paths) => {
            let key = |item: &Value| {
                let part = |path: &str| {
                    Ok(folded(attribute_of(item, &Some(Value::from(path.trim())))?, case_sensitive))
                };
                paths.split(',').map(part).collect::<Result<Vec<_>, Error>>().map(Value::from)
            };
            listed("sort", &bound[0])?
                .into_iter()
                .map(|item| Ok((key(&item)?, item)))
                .collect::<Result<_, Error>>()?
        }
    };
    Ok(values(sorted(items, truth(&bound[1], false))?))
}

fn unique(args: Args) -> Result<Value, Error> {
    let bound = bind("unique", &["value", "case_sensitive", "attribute"], args)?;
    let mut seen: Vec<(Value, Value)> = Vec::new();
    for (key, item) in keyed("unique", &bound[0], &bound[2], truth(&bound[1], false))? {
        if !hashable(&key) {
            return Err(refuse(format!("unique cannot compare a {}", type_name(&key))));
        }
        if seen.iter().all(|(known, _)| !equal(known, &key)) {
            seen.push((key, item));
        }
        budget::spend(seen.len())?;
    }
    Ok(values(seen))
}

fn extreme(filter: &str, wanted: Ordering, args: Args) -> Result<Value, Error> {
    let bound = bind(filter, &["value", "case_sensitive", "attribute"], args)?;
    let mut best: Option<(Value, Value)> = None;
    for (key, item) in keyed(filter, &bound[0], &bound[2], truth(&bound[1], false))? {
        let better = match &best {
            Some((known, _)) => order(&key, known)? == Some(wanted),
            None => true,
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Value::UNDEFINED, |(_, item)| item))
}

fn dictsort(args: Args) -> Result<Value, Error> {
    let bound = bind("dictsort", &["value", "case_sensitive", "by", "reverse"], args)?;
    let by_value = match bound[2].as_ref().map_or("key".into(), str_of).as_str() {
        "key" => false,
        "value" => true,
        _ => return Err(refuse("dictsort: by must be key or value")),
    };
    let mapping = bound[0].clone().unwrap_or_default();
    if mapping.kind() != ValueKind::Map {
        return Err(refuse("dictsort needs a mapping"));
    }
    let pair = |key: Value| {
        let value = mapping.get_item(&key)?;
        let sorted_by = if by_value { value.clone() } else { key.clone() };
        Ok((folded(sorted_by, truth(&bound[1], false)), Value::from(Tuple::from([key, value]))))
    };
    let pairs = mapping.try_iter()?.map(pair).collect::<Result<Vec<_>, Error>>()?;
    Ok(values(sorted(pairs, truth(&bound[3], false))?))
}

/// What groupby yields: a pair that also answers to `grouper` and `list`.
#[derive(Debug)]
pub struct Group {
    grouper: Value,
    list: Value,
}

impl Object for Group {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match (key.as_usize(), key.as_str()) {
            (Some(0), _) | (_, Some("grouper")) => Some(self.grouper.clone()),
            (Some(1), _) | (_, Some("list")) => Some(self.list.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(2)
    }
}

fn groupby(args: Args) -> Result<Value, Error> {
    let bound = bind("groupby", &["value", "attribute", "default", "case_sensitive"], args)?;
    if bound[1].is_none() {
        return Err(refuse("groupby needs an attribute"));
    }
    let label = |item: &Value| {
        let value = attribute_of(item, &bound[1])?;
        Ok::<Value, Error>(if value.is_undefined() { bound[2].clone().unwrap_or(value) } else { value })
    };
    let key = |item: &Value| Ok::<Value, Error>(folded(label(item)?, truth(&bound[3], false)));
    let items = listed("groupby", &bound[0])?
        .into_iter()
        .map(|item| Ok((key(&item)?, item)))
        .collect::<Result<Vec<_>, Error>>()?;
    let items = sorted(items, false)?;
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (key, item) in items {
        match groups.last_mut() {
            Some((current, list)) if equal(current, &key) => list.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let group = |(_, list): (Value, Vec<Value>)| {
        Ok(Value::from_object(Group { grouper: label(&list[0])?, list: list.into() }))
    };
    groups.into_iter().map(group).collect::<Result<Vec<Value>, Error>>().map(Value::from)
}

fn listed(filter: &str, value: &Option<Value>) -> Result<Vec<Value>, Error> {
    let value = value.clone().unwrap_or_default();
    match value.kind() {
        ValueKind::None => Err(refuse(format!("{filter} of None"))),
        _ => iterate(&value),
    }
}

fn positive(filter: &str, argument: &Option<Value>) -> Result<usize, Error> {
    let number = count(filter, argument, 0)?;
    usize::try_from(number)
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| refuse(format!("{filter} needs a positive count")))
}

fn batch(args: Args) -> Result<Value, Error> {
    let bound = bind("batch", &["value", "linecount", "fill_with"], args)?;
    let size = positive("batch", &bound[1])?;
    let fill = bound[2].clone().filter(|fill| !fill.is_none());
    let items = listed("batch", &bound[0])?;
    if fill.is_some() {
        budget::spend_slots(size)?;
    }
    let rows = items.chunks(size).map(|row| match &fill {
        Some(fill) => {
            row.iter().cloned().chain(std::iter::repeat(fill.clone())).take(size).collect::<Vec<_>>()
        }
        None => row.to_vec(),
    });
    Ok(Value::from(rows.map(Value::from).collect::<Vec<_>>()))
}

fn slice(args: Args) -> Result<Value, Error> {
    let bound = bind("slice", &["value", "slices", "fill_with"], args)?;
    let slices = positive("slice", &bound[1])?;
    let fill = bound[2].clone().filter(|fill| !fill.is_none());
    let items = listed("slice", &bound[0])?;
    budget::spend_slots(slices)?;
    let (each, longer) = (items.len() / slices, items.len() % slices);
    let mut rest = items.as_slice();
    let mut columns = Vec::new();
    for column in 0..slices {
        let (head, tail) = rest.split_at(each + usize::from(column < longer));
        rest = tail;
        let mut head = head.to_vec();
        if column >= longer {
            head.extend(fill.clone());
        }
        columns.push(Value::from(head));
    }
    Ok(Value::from(columns))
}
