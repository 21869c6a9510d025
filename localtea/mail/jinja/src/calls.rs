//! Calls: macros, blocks, `loop(...)`, methods and functions.

use std::sync::atomic::Ordering::Relaxed;

use minijinja::machinery::ast::{Call, Expr};
use minijinja::value::{Tuple, Value};
use minijinja::Error;

use crate::attributes;
use crate::budget::{self, made};
use crate::errors::refuse;
use crate::expressions::Arguments;
use crate::frame::{Blocks, Frame, Loop, Macro};
use crate::objects::Method;
use crate::operators::equal;
use crate::rendering::{marked, Outcome, Rendering};
use crate::scope::{Context, Scope};
use crate::symbols;

impl Rendering<'_> {
    /// A call expression; `caller` is the body of a call block.
    pub fn call_with(
        &mut self,
        node: &'static Call<'static>,
        caller: Option<Value>,
        frame: &Frame,
    ) -> Outcome<Value> {
        let callee = self.eval_callee(&node.expr, frame)?;
        let mut args = self.arguments(&node.args, frame)?;
        if let Some(caller) = caller {
            if args.named.iter().any(|(name, _)| name == "caller") {
                return Err(refuse("two values for the argument caller").into());
            }
            args.named.push(("caller".into(), caller));
        }
        let value = match &callee {
            Callee::Method(owner, name) => self.method(owner, name, args, frame)?,
            Callee::Value(value) => self.value(value, args, frame)?,
        };
        Ok(made(value)?)
    }

    fn eval_callee(&mut self, node: &'static Expr<'static>, frame: &Frame) -> Outcome<Callee> {
        let what = || match node {
            Expr::Var(node) => node.id.to_string(),
            Expr::GetAttr(node) => node.name.to_string(),
            _ => "a value".into(),
        };
        let value = match node {
            Expr::GetAttr(access) => {
                let owner = self.eval(&access.expr, frame)?;
                if owner.downcast_object_ref::<Loop>().is_some() && matches!(access.name, "cycle" | "changed")
                {
                    return Ok(Callee::Method(owner, access.name.into()));
                }
                let owned = || match &access.expr {
                    Expr::Var(node) => node.id.to_string(),
                    _ => "a value".into(),
                };
                attributes::attribute(&owner, access.name, &owned)?
            }
            _ => self.eval(node, frame)?,
        };
        if value.is_undefined() {
            return Err(refuse(format!("{} is undefined", what())).into());
        }
        Ok(Callee::Value(value))
    }

    fn value(&mut self, callee: &Value, args: Arguments, frame: &Frame) -> Outcome<Value> {
        if let Some(called) = callee.downcast_object::<Macro>() {
            return self.call(|this| this.run_macro(&called, args, frame.calls_escape()));
        }
        if let Some(method) = callee.downcast_object_ref::<Method>() {
            return self.method(&method.owner, &method.name, args, frame);
        }
        if let Some(blocks) = callee.downcast_object_ref::<Blocks>() {
            let Some((name, level)) = blocks.block else { return Err(refuse("self is no function").into()) };
            let mut text = String::new();
            let context = blocks.context.clone();
            self.block(name, level, &context, &mut text)?;
            return Ok(marked(text, !context.plain.load(Relaxed)));
        }
        if let Some(repeated) = callee.downcast_object::<Loop>() {
            let (Some((node, place)), [items]) = (&repeated.again, args.positional.as_slice()) else {
                return Err(refuse("loop can be called in recursive loops alone, with one list").into());
            };
            let mut text = String::new();
            let depth = repeated.depth + 1;
            self.call(|this| this.run_loop(*node, items.clone(), depth, place, &mut text))?;
            return Ok(marked(text, place.autoescape));
        }
        budget::spend_text(&args.positional)?;
        let state = &mut self.states[usize::from(frame.calls_escape())];
        Ok(callee.call(state, &args.into_values())?)
    }

    fn method(&mut self, owner: &Value, name: &str, args: Arguments, frame: &Frame) -> Outcome<Value> {
        if let Some(state) = owner.downcast_object_ref::<Loop>() {
            return Ok(loop_method(state, name, args)?);
        }
        budget::spend_text(std::slice::from_ref(owner))?;
        budget::spend_text(&args.positional)?;
        let state = &mut self.states[usize::from(frame.calls_escape())];
        Ok(owner.call_method(state, name, &args.into_values())?)
    }

    /// Renders the definition of a block that is `level` above the most derived one.
    pub fn block(
        &mut self,
        name: &str,
        level: usize,
        context: &std::sync::Arc<Context>,
        out: &mut String,
    ) -> Outcome<()> {
        let found = context.block(name, level).ok_or_else(|| refuse(format!("no block {name}")))?;
        if found.block.required && level == 0 {
            return Err(refuse(format!("required block {name} not found")).into());
        }
        let frame = Frame {
            block: Some((found.block.name, level)),
            top: false,
            parent: None,
            ..Frame::of(&found.template, context)
        };
        symbols::hide(&frame, &found.block.body);
        self.call(|this| this.statements(&found.block.body, &frame, out))
    }

    fn run_macro(&mut self, called: &Macro, args: Arguments, autoescape: bool) -> Outcome<Value> {
        let frame = called.frame.captured();
        let names = called.arguments();
        bind_arguments(called, &names, args, &frame.scope)?;
        symbols::hide(&frame, &called.declaration.body);
        let required = names.len() - called.declaration.defaults.len();
        for (at, name) in names.iter().enumerate() {
            if frame.scope.find(name) == Some(None) && at >= required {
                let value = self.eval(&called.declaration.defaults[at - required], &frame)?;
                frame.scope.set(name, Some(value));
            }
        }
        let mut text = String::new();
        self.statements(&called.declaration.body, &frame, &mut text)?;
        Ok(marked(text, autoescape))
    }
}

enum Callee {
    Value(Value),
    Method(Value, String),
}

/// Binds arguments as Jinja2's Macro does; one that is not given has no value yet.
fn bind_arguments(
    called: &Macro,
    names: &[&'static str],
    args: Arguments,
    scope: &Scope,
) -> Result<(), Error> {
    let mut named = args.named;
    let mut take = |name: &str| {
        let at = named.iter().position(|(known, _)| known == name)?;
        Some(named.remove(at).1)
    };
    for (at, name) in names.iter().enumerate() {
        let value = args.positional.get(at).cloned().or_else(|| take(name));
        scope.set(name, value);
    }
    if called.takes_caller {
        scope.set("caller", take("caller"));
    }
    let rest: Vec<Value> = args.positional.into_iter().skip(names.len()).collect();
    if called.takes_varargs {
        scope.set("varargs", Some(Value::from(Tuple::from(rest))));
    } else if !rest.is_empty() {
        return Err(refuse(format!("macro {} takes not more than {} arguments", called.name, names.len())));
    }
    if called.takes_kwargs {
        scope.set("kwargs", Some(Value::from_pairs(named)));
    } else if let Some((name, _)) = named.first() {
        return Err(refuse(format!("macro {} takes no keyword argument {name}", called.name)));
    }
    Ok(())
}

fn loop_method(state: &Loop, name: &str, args: Arguments) -> Result<Value, Error> {
    let values = args.positional;
    if !args.named.is_empty() {
        return Err(refuse(format!("loop.{name} takes no named arguments")));
    }
    if name == "cycle" {
        let at = state.index.load(Relaxed).checked_rem(values.len());
        return at.map(|at| values[at].clone()).ok_or_else(|| refuse("loop.cycle needs at least one item"));
    }
    let mut last = state.changed.lock().expect("no holder panics");
    let same = |known: &Vec<Value>| {
        known.len() == values.len() && known.iter().zip(&values).all(|(a, b)| equal(a, b))
    };
    let changed = !last.as_ref().is_some_and(same);
    *last = Some(values);
    Ok(Value::from(changed))
}
