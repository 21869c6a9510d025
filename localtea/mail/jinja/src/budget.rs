//! What one rendering may spend: every step and every byte or slot that a template makes is paid for, so that no
//! template takes the machine's time or memory. Once spent, it stays spent, and the rendering fails at its next step.

use std::cell::Cell;

use minijinja::value::{Value, ValueKind};
use minijinja::Error;

use crate::errors::refuse;
use crate::objects::Namespace;

/// A unit is a byte: 128 MiB, or four million steps, which is a second or two.
const LIMIT: i64 = 128 << 20;
/// What evaluating one expression or statement costs.
pub const STEP: usize = 32;
/// What one slot of a list or mapping costs.
const SLOT: usize = 24;
/// What one name costs of those that a template is given by another.
const NAME: usize = 96;
/// What looking at one value inside another costs.
pub const LOOK: usize = 16;
/// How often a filter, test or method runs through its text.
const PASSES: usize = 4;
/// How deep values may be nested: whatever walks them recurses.
const MAX_NESTING: usize = 500;

thread_local! {
    static LEFT: Cell<i64> = const { Cell::new(LIMIT) };
    static PROBLEM: Cell<&'static str> = const { Cell::new("") };
}

const SPENT: &str = "the template takes too much time or memory";

/// A new rendering begins on this thread.
pub fn refill() {
    LEFT.with(|left| left.set(LIMIT));
    PROBLEM.with(|problem| problem.set(SPENT));
}

/// Ends the rendering at its next step, for another reason: for code that cannot answer an error.
pub fn fail(reason: &'static str) {
    if allow(0) {
        PROBLEM.with(|problem| problem.set(reason));
        LEFT.with(|left| left.set(-1));
    }
}

/// Takes `units`; false: there are no such many left.
pub fn allow(units: usize) -> bool {
    LEFT.with(|left| {
        left.set(left.get().saturating_sub(i64::try_from(units).unwrap_or(i64::MAX)).max(-1));
        left.get() >= 0
    })
}

pub fn spend(units: usize) -> Result<(), Error> {
    if allow(units) {
        Ok(())
    } else {
        Err(refuse(PROBLEM.with(Cell::get)))
    }
}

/// Pays for `count` items that are about to be made.
pub fn spend_slots(count: usize) -> Result<(), Error> {
    spend(count.saturating_mul(SLOT))
}

/// Pays for `count` names that are about to be copied.
pub fn spend_names(count: usize) -> Result<(), Error> {
    spend(count.saturating_mul(NAME))
}

/// Pays for running through the texts among `values`, as whatever takes them does.
pub fn spend_text(values: &[Value]) -> Result<(), Error> {
    let size = |value: &Value| value.as_str().map_or(0, |text| text.len().saturating_mul(PASSES));
    spend(values.iter().map(size).fold(0, usize::saturating_add))
}

/// Pays for a value that a step made, and refuses one that is nested too deeply.
pub fn made(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::String => spend(value.as_str().map_or(0, str::len))?,
        ValueKind::Seq | ValueKind::Map => {
            spend_slots(value.len().unwrap_or(0))?;
            nesting(&value, 0)?;
        }
        _ => spend(0)?,
    }
    Ok(value)
}

pub fn nesting(value: &Value, depth: usize) -> Result<(), Error> {
    if depth > MAX_NESTING {
        return Err(refuse(format!("values are nested deeper than {MAX_NESTING}")));
    }
    if let Some(namespace) = value.downcast_object_ref::<Namespace>() {
        spend(LOOK)?;
        return namespace.pairs().iter().try_for_each(|(_, value)| nesting(value, depth + 1));
    }
    match value.kind() {
        ValueKind::Seq => value.try_iter()?.try_for_each(|item| {
            spend(LOOK)?;
            nesting(&item, depth + 1)
        }),
        ValueKind::Map => value.try_iter()?.try_for_each(|key| {
            spend(LOOK)?;
            nesting(&value.get_item(&key)?, depth + 1)
        }),
        _ => Ok(()),
    }
}
