//! Where in a template the interpreter is, and the values that hold such a place: macros, loops, blocks, modules.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use minijinja::machinery::ast;
use minijinja::value::{Object, ObjectRepr, Value};

use crate::scope::{Context, Names, Scope};
use crate::template::Template;

#[derive(Clone, Debug)]
pub struct Frame {
    pub template: Arc<Template>,
    pub context: Arc<Context>,
    pub scope: Arc<Scope>,
    /// Whether what is printed here is escaped.
    pub autoescape: bool,
    /// At the top of a template, conditions not counted: what is set here is seen by its blocks.
    pub top: bool,
    /// The block that is being rendered and which definition of it.
    pub block: Option<(&'static str, usize)>,
    /// The template that this one has turned out to extend; None where output is never held back.
    pub parent: Option<Arc<Mutex<Option<Arc<Template>>>>>,
}

impl Frame {
    pub fn of(template: &Arc<Template>, context: &Arc<Context>) -> Frame {
        Frame {
            template: template.clone(),
            context: context.clone(),
            scope: Arc::default(),
            autoescape: true,
            top: true,
            block: None,
            parent: template.extends.then(Arc::default),
        }
    }

    pub fn inner(&self) -> Frame {
        Frame { scope: Scope::inside(&self.scope), top: false, ..self.clone() }
    }

    /// An inner frame whose output is kept, not written.
    pub fn captured(&self) -> Frame {
        Frame { parent: None, ..self.inner() }
    }

    /// What filters and calls go by: the autoescape tags that are being run, not those that stand around this place.
    pub fn calls_escape(&self) -> bool {
        !self.context.plain.load(Relaxed)
    }

    /// A template that extends another writes nothing itself from there on.
    pub fn silent(&self) -> bool {
        self.parent.as_ref().is_some_and(|parent| parent.lock().expect("no holder panics").is_some())
    }
}

pub struct Macro {
    pub name: &'static str,
    pub declaration: &'static ast::Macro<'static>,
    pub frame: Frame,
    pub takes_caller: bool,
    pub takes_kwargs: bool,
    pub takes_varargs: bool,
}

impl std::fmt::Debug for Macro {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name {
            "caller" => f.write_str("<Macro anonymous>"),
            name => write!(f, "<Macro '{name}'>"),
        }
    }
}

impl Macro {
    pub fn arguments(&self) -> Vec<&'static str> {
        let name = |arg: &'static ast::Expr<'static>| match arg {
            ast::Expr::Var(name) => name.id,
            _ => "",
        };
        self.declaration.args.iter().map(name).collect()
    }
}

impl Object for Macro {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "name" => Some(Value::from(self.name)),
            "arguments" => Some(Value::from(minijinja::value::Tuple::from(
                self.arguments().into_iter().map(Value::from).collect::<Vec<_>>(),
            ))),
            "caller" => Some(Value::from(self.takes_caller)),
            "catch_kwargs" => Some(Value::from(self.takes_kwargs)),
            "catch_varargs" => Some(Value::from(self.takes_varargs)),
            _ => None,
        }
    }
}

/// The variable `loop`.
#[derive(Debug)]
pub struct Loop {
    pub items: Vec<Value>,
    pub index: AtomicUsize,
    pub depth: usize,
    pub changed: Mutex<Option<Vec<Value>>>,
    /// What a recursive loop runs again, and where.
    pub again: Option<(LoopNode, Frame)>,
}

#[derive(Clone, Copy)]
pub struct LoopNode(pub &'static ast::ForLoop<'static>);

impl std::fmt::Debug for LoopNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("for")
    }
}

impl Object for Loop {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (index, size) = (self.index.load(Relaxed), self.items.len());
        Some(match key.as_str()? {
            "index" => Value::from(index + 1),
            "index0" => Value::from(index),
            "revindex" => Value::from(size - index),
            "revindex0" => Value::from(size - index - 1),
            "first" => Value::from(index == 0),
            "last" => Value::from(index + 1 == size),
            "length" => Value::from(size),
            "depth" => Value::from(self.depth + 1),
            "depth0" => Value::from(self.depth),
            "previtem" => index.checked_sub(1).map_or(Value::UNDEFINED, |at| self.items[at].clone()),
            "nextitem" => self.items.get(index + 1).cloned().unwrap_or_default(),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<LoopContext {}/{}>", self.index.load(Relaxed) + 1, self.items.len())
    }
}

/// `self` (no level), and a block of it or `super` (a name and a level).
#[derive(Debug)]
pub struct Blocks {
    pub context: Arc<Context>,
    pub block: Option<(&'static str, usize)>,
}

impl Object for Blocks {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (name, level) = match (self.block, key.as_str()?) {
            (Some((name, level)), "super") => (name, level + 1),
            (None, name) => (self.context.block(name, 0)?.block.name, 0),
            _ => return None,
        };
        self.context.block(name, level)?;
        Some(Value::from_object(Blocks { context: self.context.clone(), block: Some((name, level)) }))
    }
}

/// An imported template.
#[derive(Debug)]
pub struct Module(pub Names);

impl Object for Module {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}
