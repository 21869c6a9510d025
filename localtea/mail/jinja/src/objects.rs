//! Python's objects that minijinja has not, or has otherwise: namespace, range, dictionary views, cycler, bound methods.

use std::sync::{Arc, Mutex};

use minijinja::value::{
    from_args, Enumerator, Kwargs, Object, ObjectRepr, Rest, Tuple, Value, ValueKind, ValueOrKwargs,
};
use minijinja::{Environment, Error, ErrorKind, State};

use crate::budget;
use crate::errors::refuse;
use crate::python::{iterate, str_of};

type Args = Rest<ValueOrKwargs>;

pub fn register(environment: &mut Environment<'static>) {
    environment.add_function("range", range);
    environment.add_function("cycler", cycler);
    environment
        .add_function("lipsum", |_: Args| -> Result<Value, Error> { Err(refuse("lipsum is not supported")) });
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
    environment.add_function("dict", |args: Args| Ok::<_, Error>(Value::from_pairs(pairs("dict", args)?)));
    environment.add_function("namespace", |args: Args| {
        let namespace = Namespace::default();
        for (name, value) in pairs("namespace", args)? {
            namespace.set(&str_of(&name), value);
            budget::spend(0)?;
        }
        Ok::<_, Error>(Value::from_object(namespace))
    });
}

/// What dict(...) makes of its arguments: a mapping's or a list's pairs, then the named ones.
fn pairs(function: &str, args: Args) -> Result<Vec<(Value, Value)>, Error> {
    let values = args.into_values();
    let (positional, named): (&[Value], Kwargs) = from_args(&values)?;
    let mut out = Vec::new();
    match positional {
        [] => {}
        [mapping] if mapping.kind() == ValueKind::Map => {
            for key in mapping.try_iter()? {
                let value = mapping.get_item(&key)?;
                out.push((key, value));
            }
        }
        [list] => {
            for pair in iterate(list)? {
                match iterate(&pair)?.as_slice() {
                    [key, value] => out.push((key.clone(), value.clone())),
                    _ => return Err(refuse(format!("{function} needs pairs"))),
                }
            }
        }
        _ => return Err(refuse(format!("{function} takes one mapping or list of pairs"))),
    }
    for name in named.args() {
        out.push((Value::from(name), named.get(name)?));
    }
    Ok(out)
}

/// namespace(...): the one object whose attributes a template sets.
#[derive(Debug, Default)]
pub struct Namespace(Mutex<Vec<(String, Value)>>);

impl Object for Namespace {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl Namespace {
    pub fn get(&self, name: &str) -> Option<Value> {
        let values = self.0.lock().expect("no holder panics");
        budget::allow(values.len());
        values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    pub fn set(&self, name: &str, value: Value) {
        let mut values = self.0.lock().expect("no holder panics");
        budget::allow(values.len());
        match values.iter_mut().find(|(known, _)| known == name) {
            Some(entry) => entry.1 = value,
            None => values.push((name.into(), value)),
        }
    }

    pub fn pairs(&self) -> Vec<(String, Value)> {
        self.0.lock().expect("no holder panics").clone()
    }

    /// Lets go of the values: a namespace may hold itself.
    pub fn clear(&self) {
        let values = std::mem::take(&mut *self.0.lock().expect("no holder panics"));
        drop(values);
    }
}

#[derive(Debug)]
pub struct Range {
    start: i64,
    stop: i64,
    step: i64,
}

impl Range {
    fn size(&self) -> usize {
        let (start, stop, step) = (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let gap = if step > 0 { stop - start } else { start - stop };
        usize::try_from((gap + step.abs() - 1).max(0) / step.abs()).unwrap_or(usize::MAX)
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.step {
            1 => write!(f, "range({}, {})", self.start, self.stop),
            step => write!(f, "range({}, {}, {step})", self.start, self.stop),
        }
    }
}

impl Object for Range {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at = key.as_usize().filter(|at| *at < self.size())?;
        Some(Value::from(self.start + self.step * at as i64))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.size())
    }
}

fn range(args: Rest<Value>) -> Result<Value, Error> {
    let whole = |value: &Value| match value.kind() {
        ValueKind::Bool => Ok(i64::from(value.is_true())),
        _ if value.is_integer() => {
            i64::try_from(value.clone()).map_err(|_| refuse("range: a number is too large"))
        }
        _ => Err(refuse("range needs whole numbers")),
    };
    let numbers = args.iter().map(whole).collect::<Result<Vec<_>, _>>()?;
    let (start, stop, step) = match numbers.as_slice() {
        [stop] => (0, *stop, 1),
        [start, stop] => (*start, *stop, 1),
        [start, stop, step] if *step != 0 => (*start, *stop, *step),
        [_, _, _] => return Err(refuse("range: the step must not be zero")),
        _ => return Err(refuse("range takes one to three numbers")),
    };
    let range = Range { start, stop, step };
    budget::spend(range.size())?;
    Ok(Value::from_object(range))
}

/// dict.keys(), dict.values() and dict.items(): a list that prints as Python's view.
#[derive(Debug)]
pub struct View {
    pub name: &'static str,
    pub items: Vec<Value>,
}

impl Object for View {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

pub fn view(name: &str, mapping: &Value) -> Result<Value, Error> {
    let keys = mapping.try_iter()?.collect::<Vec<_>>();
    budget::spend_slots(keys.len())?;
    let value_of = |key: &Value| mapping.get_item(key);
    Ok(Value::from_object(match name {
        "keys" => View { name: "dict_keys", items: keys },
        "values" => {
            View { name: "dict_values", items: keys.iter().map(value_of).collect::<Result<_, Error>>()? }
        }
        _ => {
            let pair = |key: &Value| Ok(Value::from(Tuple::from([key.clone(), value_of(key)?])));
            View { name: "dict_items", items: keys.iter().map(pair).collect::<Result<_, Error>>()? }
        }
    }))
}

#[derive(Debug)]
pub struct Cycler {
    items: Vec<Value>,
    position: Mutex<usize>,
}

impl Object for Cycler {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("current"))
            .then(|| self.items[*self.position.lock().expect("no holder panics")].clone())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let () = from_args(args)?;
        let mut position = self.position.lock().expect("no holder panics");
        match method {
            "next" => {
                let current = self.items[*position].clone();
                *position = (*position + 1) % self.items.len();
                Ok(current)
            }
            "reset" => {
                *position = 0;
                Ok(Value::from(()))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

fn cycler(items: Rest<Value>) -> Result<Value, Error> {
    if items.is_empty() {
        return Err(refuse("cycler needs at least one item"));
    }
    Ok(Value::from_object(Cycler { items: items.0, position: Mutex::new(0) }))
}

/// `order.items` without a call: Python's bound method. It can be called and tested, but not printed.
#[derive(Debug)]
pub struct Method {
    pub owner: Value,
    pub name: String,
}

impl Object for Method {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        self.owner.call_method(state, &self.name, args)
    }
}
