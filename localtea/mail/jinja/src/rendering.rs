//! Runs a template: statements. minijinja reads the language and has the values and filters; scopes, inheritance and
//! imports are Jinja2's, which minijinja's own machine does in other ways.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use minijinja::machinery::ast::{Expr, FilterBlock, ForLoop, Stmt};
use minijinja::{Environment, Error, State, Value};

use crate::budget;
use crate::errors::{describe, refuse};
use crate::frame::{Frame, Loop, LoopNode, Macro};
use crate::objects::Namespace;
use crate::operators::truth;
use crate::python::{html, iterate, str_of};
use crate::scope::{Context, Names, Scope};
use crate::symbols;
use crate::template::{line_of, Statements, Template};

/// What failed, and whether the text says where.
pub struct Failure {
    pub text: String,
    pub placed: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { text: describe(&error), placed: false }
    }
}

pub type Outcome<T> = Result<T, Failure>;

/// How deep macros, blocks, includes and recursive loops may call each other.
const MAX_CALLS: usize = 100;
/// How deep expressions and tags may stand in each other over all calls: each takes a part of the thread's stack.
const MAX_DEPTH: usize = 1500;

/// The templates that were loaded, by name.
pub type Load = dyn Fn(&str) -> Outcome<Option<Arc<Template>>> + Send + Sync;

pub struct Rendering<'r> {
    pub load: &'r Load,
    pub globals: Arc<Names>,
    /// For filters, tests and functions: without and with autoescape.
    pub states: [State<'r, 'r>; 2],
    calls: usize,
    depth: usize,
    pub modules: HashMap<String, Value>,
    // Macros hold the scopes and contexts that hold them; these are emptied at the end.
    pub scopes: Vec<Arc<Scope>>,
    pub contexts: Vec<Arc<Context>>,
    namespaces: Vec<Arc<Namespace>>,
}

impl Drop for Rendering<'_> {
    fn drop(&mut self) {
        self.modules.clear();
        self.scopes.iter().for_each(|scope| scope.clear());
        self.contexts.iter().for_each(|context| context.clear());
        self.namespaces.iter().for_each(|namespace| namespace.clear());
    }
}

impl<'r> Rendering<'r> {
    pub fn new(environment: &'r Environment<'static>, load: &'r Load, states: [State<'r, 'r>; 2]) -> Self {
        budget::refill();
        let globals = environment.globals().map(|(name, value)| (name.to_string(), value)).collect();
        Rendering {
            load,
            globals: Arc::new(globals),
            states,
            calls: 0,
            depth: 0,
            modules: HashMap::new(),
            scopes: Vec::new(),
            contexts: Vec::new(),
            namespaces: Vec::new(),
        }
    }

    pub fn template(&self, name: &str) -> Outcome<Arc<Template>> {
        let missing = || Failure { text: format!("template not found: {name}"), placed: false };
        (self.load)(name)?.ok_or_else(missing)
    }

    /// One expression or tag deeper, or too deep.
    pub fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        budget::spend(budget::STEP)?;
        if self.depth >= MAX_DEPTH {
            return Err(refuse(format!("expressions and tags are nested deeper than {MAX_DEPTH}")).into());
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    /// One call deeper, or too deep.
    pub fn call<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.calls >= MAX_CALLS {
            return Err(refuse(format!(
                "macros, blocks and includes call each other deeper than {MAX_CALLS}"
            ))
            .into());
        }
        self.calls += 1;
        let result = run(self);
        self.calls -= 1;
        result
    }

    /// Renders `template` with what `given` holds; answers its context for what it exports.
    pub fn run(
        &mut self,
        template: &Arc<Template>,
        given: Arc<Names>,
        out: &mut String,
    ) -> Outcome<Arc<Context>> {
        let context = Context::new(given);
        self.contexts.push(context.clone());
        context.add_blocks(template);
        self.call(|this| this.root(template, &context, out))?;
        Ok(context)
    }

    fn root(&mut self, template: &Arc<Template>, context: &Arc<Context>, out: &mut String) -> Outcome<()> {
        let mut template = template.clone();
        let mut chain = 0;
        loop {
            let frame = Frame::of(&template, context);
            symbols::hide(&frame, template.body());
            self.scopes.push(frame.scope.clone());
            self.statements(template.body(), &frame, out)?;
            let parent =
                frame.parent.as_ref().and_then(|parent| parent.lock().expect("no holder panics").take());
            match parent {
                None => return Ok(()),
                Some(_) if chain >= MAX_CALLS => {
                    return Err(refuse("templates extend each other in a circle").into())
                }
                Some(parent) => template = parent,
            }
            chain += 1;
        }
    }

    pub fn statements(&mut self, list: Statements, frame: &Frame, out: &mut String) -> Outcome<()> {
        list.iter().try_for_each(|statement| {
            self.deeper(|this| this.statement(statement, frame, out)).map_err(|failure| {
                match failure.placed {
                    true => failure,
                    false => Failure {
                        text: format!(
                            "{} ({}, line {})",
                            failure.text,
                            frame.template.name,
                            line_of(statement)
                        ),
                        placed: true,
                    },
                }
            })
        })
    }

    fn statement(
        &mut self,
        statement: &'static Stmt<'static>,
        frame: &Frame,
        out: &mut String,
    ) -> Outcome<()> {
        match statement {
            Stmt::EmitRaw(node) if !frame.silent() => write(out, node.raw)?,
            Stmt::EmitExpr(node) if !frame.silent() => {
                let value = self.eval(&node.expr, frame)?;
                write(out, &printed(&value, frame.autoescape)?)?;
            }
            Stmt::EmitRaw(_) | Stmt::EmitExpr(_) => {}
            Stmt::IfCond(node) => {
                let chosen =
                    if truth(&self.eval(&node.expr, frame)?) { &node.true_body } else { &node.false_body };
                self.statements(chosen, frame, out)?;
            }
            Stmt::ForLoop(node) => self.for_loop(LoopNode(node), frame, out)?,
            Stmt::WithBlock(node) => {
                let inner = frame.inner();
                let values = node.assignments.iter().map(|(_, value)| self.eval(value, frame));
                let values = values.collect::<Outcome<Vec<_>>>()?;
                symbols::hide(&inner, &node.body);
                for ((target, _), value) in node.assignments.iter().zip(values) {
                    self.assign(target, value, &inner)?;
                }
                self.statements(&node.body, &inner, out)?;
            }
            Stmt::Set(node) => {
                let value = self.eval(&node.expr, frame)?;
                self.assign(&node.target, value, frame)?;
            }
            Stmt::SetBlock(node) => {
                let text = self.capture(&node.body, frame)?;
                let value = match &node.filter {
                    // Text again, whatever the filter answers.
                    Some(filter) => marked(str_of(&self.filtered(filter, text, frame)?), frame.autoescape),
                    None => text,
                };
                self.assign(&node.target, value, frame)?;
            }
            Stmt::AutoEscape(node) => {
                let autoescape = truth(&self.eval(&node.enabled, frame)?);
                let inner = Frame { autoescape, ..frame.inner() };
                symbols::hide(&inner, &node.body);
                let before = frame.context.plain.swap(!autoescape, Relaxed);
                self.statements(&node.body, &inner, out)?;
                frame.context.plain.store(before, Relaxed);
            }
            Stmt::FilterBlock(node) => self.filter_block(node, frame, out)?,
            _ => self.part(statement, frame, out)?,
        }
        Ok(())
    }

    pub fn define(
        &mut self,
        name: &'static str,
        node: &'static minijinja::machinery::ast::Macro<'static>,
        frame: &Frame,
    ) -> Value {
        let named = |arg: &Expr, wanted: &str| matches!(arg, Expr::Var(name) if name.id == wanted);
        let mentions = |name: &str| {
            !node.args.iter().any(|arg| named(arg, name)) && crate::walk::mentions(&node.body, name)
        };
        self.scopes.push(frame.scope.clone());
        Value::from_object(Macro {
            name,
            declaration: node,
            frame: frame.clone(),
            takes_caller: mentions("caller"),
            takes_kwargs: mentions("kwargs"),
            takes_varargs: mentions("varargs"),
        })
    }

    fn filter_block(
        &mut self,
        node: &'static FilterBlock<'static>,
        frame: &Frame,
        out: &mut String,
    ) -> Outcome<()> {
        let inner = frame.inner();
        symbols::hide(&inner, &node.body);
        let mut text = String::new();
        self.statements(&node.body, &inner, &mut text)?;
        let value = self.filtered(&node.filter, marked(text, frame.autoescape), frame)?;
        // It is written as it is, and must be text.
        write(out, value.as_str().ok_or_else(|| refuse("a filter block's filter must answer text"))?)
    }

    fn capture(&mut self, body: Statements, frame: &Frame) -> Outcome<Value> {
        let inner = frame.captured();
        symbols::hide(&inner, body);
        let mut text = String::new();
        self.statements(body, &inner, &mut text)?;
        Ok(marked(text, frame.autoescape))
    }

    /// Sets a name in the frame and, at the top of a template, for its blocks.
    pub fn bind(&mut self, name: &str, value: Value, frame: &Frame, export: bool) {
        if frame.top {
            frame.context.set(name, value.clone(), export);
        }
        frame.scope.set(name, Some(value));
    }

    pub fn assign(&mut self, target: &'static Expr<'static>, value: Value, frame: &Frame) -> Outcome<()> {
        match target {
            Expr::Var(name) => self.bind(name.id, value, frame, true),
            Expr::GetAttr(node) => {
                let object = self.eval(&node.expr, frame)?;
                let not_one = || refuse("cannot assign attribute on non-namespace object");
                let namespace = object.downcast_object::<Namespace>().ok_or_else(not_one)?;
                if !self.namespaces.iter().any(|known| Arc::ptr_eq(known, &namespace)) {
                    self.namespaces.push(namespace.clone());
                }
                namespace.set(node.name, value);
                budget::nesting(&object, 0)?;
            }
            Expr::List(_) | Expr::Tuple(_) => {
                let targets = match target {
                    Expr::List(node) => &node.items,
                    Expr::Tuple(node) => &node.items,
                    _ => return Ok(()),
                };
                let items = iterate(&value)?;
                if items.len() != targets.len() {
                    let text = format!("{} values for {} names", items.len(), targets.len());
                    return Err(refuse(text).into());
                }
                for (target, item) in targets.iter().zip(items) {
                    self.assign(target, item, frame)?;
                }
            }
            _ => return Err(refuse("cannot assign to this").into()),
        }
        Ok(())
    }

    pub fn for_loop(&mut self, node: LoopNode, frame: &Frame, out: &mut String) -> Outcome<()> {
        let iterable = self.eval(&node.0.iter, frame)?;
        self.run_loop(node, iterable, 0, frame, out)
    }

    pub fn run_loop(
        &mut self,
        node: LoopNode,
        iterable: Value,
        depth: usize,
        frame: &Frame,
        out: &mut String,
    ) -> Outcome<()> {
        let ForLoop { target, filter_expr, recursive, body, else_body, .. } = node.0;
        let mut items = iterate(&iterable)?;
        if let Some(filter) = filter_expr {
            let mut kept = Vec::new();
            for item in items {
                let inner = frame.inner();
                self.assign(target, item.clone(), &inner)?;
                if truth(&self.eval(filter, &inner)?) {
                    kept.push(item);
                }
            }
            items = kept;
        }
        let state = Arc::new(Loop {
            items,
            index: AtomicUsize::new(0),
            depth,
            changed: Mutex::new(None),
            again: recursive.then(|| (node, frame.clone())),
        });
        let shown = *recursive || symbols::wants_loop(body, else_body, &frame.template);
        for index in 0..state.items.len() {
            state.index.store(index, Relaxed);
            let inner = frame.inner();
            symbols::hide(&inner, body);
            if shown {
                inner.scope.set("loop", Some(Value::from_dyn_object(state.clone())));
            }
            self.assign(target, state.items[index].clone(), &inner)?;
            self.statements(body, &inner, out)?;
        }
        if state.items.is_empty() {
            let inner = frame.inner();
            symbols::hide(&inner, else_body);
            self.statements(else_body, &inner, out)?;
        }
        Ok(())
    }
}

/// The names that targets of assignments set.
pub fn targets(list: impl Iterator<Item = &'static Expr<'static>>) -> Vec<&'static str> {
    list.flat_map(|target| match target {
        Expr::Var(name) => vec![name.id],
        Expr::List(node) => targets(node.items.iter()),
        Expr::Tuple(node) => targets(node.items.iter()),
        _ => Vec::new(),
    })
    .collect()
}

/// Rendered text as a value: safe where it was escaped.
pub fn marked(text: String, autoescape: bool) -> Value {
    if autoescape {
        Value::from_safe_string(text)
    } else {
        Value::from(text)
    }
}

pub fn write(out: &mut String, text: &str) -> Outcome<()> {
    budget::spend(text.len())?;
    out.push_str(text);
    Ok(())
}

pub fn printed(value: &Value, autoescape: bool) -> Outcome<String> {
    let text = if autoescape { html(value) } else { str_of(value) };
    budget::spend(0)?;
    Ok(text)
}
