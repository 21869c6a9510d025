//! Jinja2's tests where minijinja's differ: comparisons as Python's operators, and what Python calls a sequence.

use minijinja::machinery::ast::CompareOpKind;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State};

use crate::environment::{has_filter, has_test};
use crate::errors::refuse;
use crate::expressions::compared;
use crate::frame::{Blocks, Loop, Module};
use crate::objects::{Cycler, Namespace};
use crate::operators::{hashable, remainder};
use crate::python::{str_of, type_name};

const COMPARISONS: [(&[&str], CompareOpKind); 7] = [
    (&["eq", "==", "equalto"], CompareOpKind::Eq),
    (&["ne", "!="], CompareOpKind::Ne),
    (&["lt", "<", "lessthan"], CompareOpKind::Lt),
    (&["le", "<="], CompareOpKind::Lte),
    (&["gt", ">", "greaterthan"], CompareOpKind::Gt),
    (&["ge", ">="], CompareOpKind::Gte),
    (&["in"], CompareOpKind::In),
];

pub fn register(environment: &mut Environment<'static>) {
    for (names, operator) in COMPARISONS {
        for name in names {
            environment.add_test(*name, move |a: Value, b: Value| {
                compared(operator, &a, &b).map(|answer| answer.is_true())
            });
        }
    }
    for name in ["startingwith", "endingwith", "safe"] {
        environment.remove_test(name);
    }
    environment.add_test("odd", |value: Value| divides(&value, 2).map(|even| !even));
    environment.add_test("even", |value: Value| divides(&value, 2));
    environment.add_test("divisibleby", |value: Value, by: Value| rest(&value, &by));
    environment.add_test("callable", callable);
    environment.add_test("filter", |state: &State, name: Value| known(state, &name, has_filter));
    environment.add_test("test", |state: &State, name: Value| known(state, &name, has_test));
    environment.add_test("mapping", |value: Value| type_name(&value) == "dict");
    environment.add_test("sequence", |value: Value| {
        !matches!(value.kind(), ValueKind::None | ValueKind::Bool | ValueKind::Number | ValueKind::Plain)
            && !matches!(type_name(&value), "generator" | "dict_items" | "dict_keys" | "dict_values")
    });
    environment.add_test("iterable", |value: Value| {
        value.downcast_object_ref::<Loop>().is_some()
            || !matches!(
                value.kind(),
                ValueKind::None | ValueKind::Bool | ValueKind::Number | ValueKind::Plain
            )
    });
    environment
        .add_test("lower", |value: Value| cased(&str_of(&value), char::is_lowercase, char::is_uppercase));
    environment
        .add_test("upper", |value: Value| cased(&str_of(&value), char::is_uppercase, char::is_lowercase));
}

/// Jinja2 looks the name up in a dict.
fn known(state: &State, name: &Value, has: fn(&Environment, &str) -> bool) -> Result<bool, Error> {
    if !hashable(name) {
        return Err(refuse(format!("a {} is no name", type_name(name))));
    }
    Ok(name.as_str().is_some_and(|name| has(state.env(), name)))
}

fn divides(value: &Value, by: i64) -> Result<bool, Error> {
    rest(value, &Value::from(by))
}

fn rest(value: &Value, by: &Value) -> Result<bool, Error> {
    remainder(value, by)
        .map(|rest| rest == Value::from(0) || f64::try_from(rest).is_ok_and(|rest| rest == 0.0))
}

/// Macros, functions and methods; objects that only have attributes are not.
fn callable(value: Value) -> bool {
    value.is_undefined()
        || value.kind() == ValueKind::Plain
            && value.downcast_object_ref::<Namespace>().is_none()
            && value.downcast_object_ref::<Module>().is_none()
            && value.downcast_object_ref::<Cycler>().is_none()
            && !value.downcast_object_ref::<Blocks>().is_some_and(|blocks| blocks.block.is_none())
}

/// str.islower and str.isupper: some cased character, and none of the other case.
pub fn cased(text: &str, wanted: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    text.chars().any(wanted) && !text.chars().any(other)
}
