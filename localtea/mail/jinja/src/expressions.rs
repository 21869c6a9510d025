//! Evaluates expressions.

use minijinja::machinery::ast::{BinOp, BinOpKind, CallArg, Compare, CompareOpKind, Expr, Map, UnaryOpKind};
use minijinja::value::{Kwargs, Tuple, Value};
use minijinja::Error;

use crate::attributes;
use crate::budget::{self, made};
use crate::errors::refuse;
use crate::frame::{Blocks, Frame};
use crate::operators::{self, truth};
use crate::python::{iterate, str_of, type_name};
use crate::rendering::{Outcome, Rendering};
use crate::walk;

/// Filters whose result runs out: Python's generators.
const GENERATORS: [&str; 9] =
    ["batch", "items", "map", "reject", "rejectattr", "select", "selectattr", "slice", "unique"];

/// The arguments of a call.
#[derive(Default)]
pub struct Arguments {
    pub positional: Vec<Value>,
    pub named: Vec<(String, Value)>,
}

impl Arguments {
    /// As minijinja's functions take them.
    pub fn into_values(self) -> Vec<Value> {
        let mut values = self.positional;
        if !self.named.is_empty() {
            values.push(self.named.into_iter().collect::<Kwargs>().into());
        }
        values
    }
}

impl Rendering<'_> {
    pub fn eval(&mut self, node: &'static Expr<'static>, frame: &Frame) -> Outcome<Value> {
        self.deeper(|this| this.evaluated(node, frame))
    }

    fn evaluated(&mut self, node: &'static Expr<'static>, frame: &Frame) -> Outcome<Value> {
        Ok(match node {
            Expr::Var(node) => self.name(node.id, frame),
            Expr::Const(node) => node.value.clone(),
            Expr::Slice(node) => {
                let value = self.eval(&node.expr, frame)?;
                let mut parts = [Value::from(()), Value::from(()), Value::from(())];
                for (part, node) in parts.iter_mut().zip([&node.start, &node.stop, &node.step]) {
                    if let Some(node) = node {
                        *part = self.eval(node, frame)?;
                    }
                }
                made(attributes::slice(&value, parts)?)?
            }
            Expr::UnaryOp(node) => {
                let value = self.eval(&node.expr, frame)?;
                match node.op {
                    UnaryOpKind::Not => Value::from(!truth(&value)),
                    UnaryOpKind::Neg => operators::negative(&value)?,
                }
            }
            Expr::BinOp(node) => self.binary(node, frame)?,
            Expr::Compare(node) => self.comparison(node, frame)?,
            Expr::IfExpr(node) => match (truth(&self.eval(&node.test_expr, frame)?), &node.false_expr) {
                (true, _) => self.eval(&node.true_expr, frame)?,
                (false, Some(other)) => self.eval(other, frame)?,
                (false, None) => Value::UNDEFINED,
            },
            Expr::Filter(_) => self.filter(node, None, frame)?,
            Expr::Test(node) => {
                let value = self.eval(&node.expr, frame)?;
                let mut args = self.arguments(&node.args, frame)?;
                args.positional.insert(0, value);
                budget::spend_text(&args.positional)?;
                let answer = self.states[usize::from(frame.calls_escape())]
                    .perform_test(node.name, &args.into_values());
                budget::spend(0)?;
                Value::from(answer.map_err(|error| unknown(error, "test", node.name))?)
            }
            Expr::GetAttr(access) => {
                let value = self.eval(&access.expr, frame)?;
                attributes::attribute(&value, access.name, &|| written(&access.expr))?
            }
            Expr::GetItem(access) => {
                let value = self.eval(&access.expr, frame)?;
                let key = self.eval(&access.subscript_expr, frame)?;
                attributes::item(&value, &key, &|| written(&access.expr))?
            }
            Expr::Call(node) => self.call_with(node, None, frame)?,
            Expr::List(node) => made(Value::from(self.all(&node.items, frame)?))?,
            Expr::Tuple(node) => made(Value::from(Tuple::from(self.all(&node.items, frame)?)))?,
            Expr::Map(node) => self.mapping(node, frame)?,
        })
    }

    fn mapping(&mut self, node: &'static Map<'static>, frame: &Frame) -> Outcome<Value> {
        let keys = self.all(&node.keys, frame)?;
        let values = self.all(&node.values, frame)?;
        if let Some(key) = keys.iter().find(|key| !operators::hashable(key)) {
            return Err(refuse(format!("a {} cannot be a key", type_name(key))).into());
        }
        budget::spend_text(&keys)?;
        Ok(made(Value::from_pairs(keys.into_iter().zip(values)))?)
    }

    fn all(&mut self, nodes: &'static [Expr<'static>], frame: &Frame) -> Outcome<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node, frame)).collect()
    }

    fn name(&mut self, name: &'static str, frame: &Frame) -> Value {
        if let Some(value) = frame.scope.find(name) {
            return value.unwrap_or_default();
        }
        let blocks = |block| Value::from_object(Blocks { context: frame.context.clone(), block });
        match (name, frame.block) {
            ("self", _) => blocks(None),
            ("super", Some((name, level))) if frame.context.block(name, level + 1).is_some() => {
                blocks(Some((name, level + 1)))
            }
            ("super", Some(_)) => Value::UNDEFINED,
            _ => frame.context.find(name).unwrap_or_default(),
        }
    }

    fn binary(&mut self, node: &'static BinOp<'static>, frame: &Frame) -> Outcome<Value> {
        if matches!(node.op, BinOpKind::Concat) {
            return self.concatenation(node, frame);
        }
        let left = self.eval(&node.left, frame)?;
        match node.op {
            BinOpKind::ScAnd if !truth(&left) => return Ok(left),
            BinOpKind::ScOr if truth(&left) => return Ok(left),
            BinOpKind::ScAnd | BinOpKind::ScOr => return self.eval(&node.right, frame),
            _ => {}
        }
        let right = self.eval(&node.right, frame)?;
        let value = match node.op {
            BinOpKind::Add => operators::add(&left, &right)?,
            BinOpKind::Sub => operators::subtract(&left, &right)?,
            BinOpKind::Mul => operators::multiply(&left, &right)?,
            BinOpKind::Div => operators::divide(&left, &right)?,
            BinOpKind::FloorDiv => operators::divide_floor(&left, &right)?,
            BinOpKind::Rem => operators::remainder(&left, &right)?,
            BinOpKind::Pow => operators::power(&left, &right)?,
            BinOpKind::Eq => compared(CompareOpKind::Eq, &left, &right)?,
            BinOpKind::Ne => compared(CompareOpKind::Ne, &left, &right)?,
            BinOpKind::Lt => compared(CompareOpKind::Lt, &left, &right)?,
            BinOpKind::Lte => compared(CompareOpKind::Lte, &left, &right)?,
            BinOpKind::Gt => compared(CompareOpKind::Gt, &left, &right)?,
            BinOpKind::Gte => compared(CompareOpKind::Gte, &left, &right)?,
            BinOpKind::In => compared(CompareOpKind::In, &left, &right)?,
            BinOpKind::ScAnd | BinOpKind::ScOr | BinOpKind::Concat => left,
        };
        Ok(made(value)?)
    }

    fn concatenation(&mut self, node: &'static BinOp<'static>, frame: &Frame) -> Outcome<Value> {
        let mut nodes = vec![&node.right, &node.left];
        while let Some(Expr::BinOp(inner)) = nodes.last() {
            if !matches!(inner.op, BinOpKind::Concat) {
                break;
            }
            nodes.pop();
            nodes.extend([&inner.right, &inner.left]);
        }
        let parts = nodes.iter().rev().map(|node| self.eval(node, frame)).collect::<Outcome<Vec<_>>>()?;
        // Jinja2 joins constants when it compiles, and there as plain text.
        let constant = nodes.iter().all(|node| walk::constant(node));
        Ok(made(operators::concatenate(&parts, frame.autoescape && !constant))?)
    }

    fn comparison(&mut self, node: &'static Compare<'static>, frame: &Frame) -> Outcome<Value> {
        let mut left = self.eval(&node.expr, frame)?;
        for part in &node.ops {
            let right = self.eval(&part.expr, frame)?;
            if !compared(part.op, &left, &right)?.is_true() {
                return Ok(Value::from(false));
            }
            left = right;
        }
        Ok(Value::from(true))
    }

    /// Applies the filters of a block or of a set to its text.
    pub fn filtered(&mut self, node: &'static Expr<'static>, text: Value, frame: &Frame) -> Outcome<Value> {
        self.filter(node, Some(text), frame)
    }

    fn filter(&mut self, node: &'static Expr<'static>, text: Option<Value>, frame: &Frame) -> Outcome<Value> {
        let Expr::Filter(node) = node else { return self.eval(node, frame) };
        let value = match (&node.expr, text) {
            (Some(inner), Some(text)) => self.filter(inner, Some(text), frame)?,
            (Some(inner), None) => self.eval(inner, frame)?,
            (None, text) => text.unwrap_or_default(),
        };
        let mut args = self.arguments(&node.args, frame)?;
        if GENERATORS.contains(&node.name) {
            return Ok(self.generated(node.name, value, args, frame)?);
        }
        args.positional.insert(0, value);
        budget::spend_text(&args.positional)?;
        let state = &mut self.states[usize::from(frame.calls_escape())];
        let result = state.apply_filter(node.name, &args.into_values());
        let result = result.map_err(|error| unknown(error, "filter", node.name))?;
        Ok(made(result)?)
    }

    /// What runs out once it was run through, and fails no sooner.
    fn generated(
        &mut self,
        name: &str,
        value: Value,
        mut args: Arguments,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let state = &mut self.states[usize::from(frame.calls_escape())];
        let mut items = || {
            let input = match name {
                "items" => value.clone(),
                // These look at what is true alone.
                "map" | "reject" | "rejectattr" | "select" | "selectattr" if !truth(&value) => {
                    return Ok(Vec::new())
                }
                _ => Value::from(iterate(&value)?),
            };
            args.positional.insert(0, input);
            iterate(&state.apply_filter(name, &std::mem::take(&mut args).into_values())?)
        };
        let items = items().unwrap_or_else(|error| vec![Value::from(error)]);
        budget::spend(0)?;
        Ok(Value::make_one_shot_iterator(items.into_iter()))
    }

    pub fn arguments(&mut self, nodes: &'static [CallArg<'static>], frame: &Frame) -> Outcome<Arguments> {
        let mut args = Arguments::default();
        for node in nodes {
            match node {
                CallArg::Pos(value) => {
                    let value = self.eval(value, frame)?;
                    args.positional.push(value);
                }
                CallArg::PosSplat(value) => {
                    let value = self.eval(value, frame)?;
                    args.positional.extend(iterate(&value)?);
                }
                CallArg::Kwarg(name, value) => {
                    let value = self.eval(value, frame)?;
                    add_named(&mut args, name, value)?;
                }
                CallArg::KwargSplat(value) => {
                    let mapping = self.eval(value, frame)?;
                    if type_name(&mapping) != "dict" {
                        return Err(refuse("** needs a mapping").into());
                    }
                    for key in iterate(&mapping)? {
                        add_named(&mut args, &str_of(&key), mapping.get_item(&key)?)?;
                    }
                }
            }
        }
        Ok(args)
    }
}

fn add_named(args: &mut Arguments, name: &str, value: Value) -> Outcome<()> {
    budget::spend(args.named.len())?;
    if args.named.iter().any(|(known, _)| known == name) {
        return Err(refuse(format!("two values for the argument {name}")).into());
    }
    args.named.push((name.into(), value));
    Ok(())
}

/// minijinja does not say which filter or test it does not know.
fn unknown(error: Error, what: &str, name: &str) -> Error {
    use minijinja::ErrorKind::{UnknownFilter, UnknownTest};
    match (error.kind(), error.detail()) {
        (UnknownFilter | UnknownTest, None) => refuse(format!("unknown {what}: {name}")),
        _ => error,
    }
}

pub fn compared(operator: CompareOpKind, left: &Value, right: &Value) -> Result<Value, Error> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let ordered = |wanted: &[std::cmp::Ordering]| {
        operators::order(left, right).map(|order| order.is_some_and(|order| wanted.contains(&order)))
    };
    Ok(Value::from(match operator {
        CompareOpKind::Eq => operators::equal(left, right),
        CompareOpKind::Ne => !operators::equal(left, right),
        CompareOpKind::Lt => ordered(&[Less])?,
        CompareOpKind::Lte => ordered(&[Less, Equal])?,
        CompareOpKind::Gt => ordered(&[Greater])?,
        CompareOpKind::Gte => ordered(&[Greater, Equal])?,
        CompareOpKind::In => operators::contains(right, left)?,
        CompareOpKind::NotIn => !operators::contains(right, left)?,
    }))
}

/// The expression as an error may show it: a path of names.
fn written(node: &Expr) -> String {
    match node {
        Expr::Var(node) => node.id.into(),
        Expr::GetAttr(node) => format!("{}.{}", written(&node.expr), node.name),
        Expr::GetItem(node) => format!("{}[...]", written(&node.expr)),
        Expr::Call(node) => format!("{}(...)", written(&node.expr)),
        _ => "a value".into(),
    }
}
