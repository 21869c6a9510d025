//! Where names live: the context of one template's run, and the scopes of its tags.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use minijinja::machinery::ast::Block;
use minijinja::Value;

use crate::template::Template;

pub type Names = HashMap<String, Value>;

/// One definition of a block and the template it stands in.
#[derive(Clone)]
pub struct BlockOf {
    pub template: Arc<Template>,
    pub block: &'static Block<'static>,
}

impl std::fmt::Debug for BlockOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.block.name)
    }
}

/// What a template and those it extends see besides their own scopes.
#[derive(Debug, Default)]
pub struct Context {
    /// Given by the caller, and the globals.
    pub given: Arc<Names>,
    /// Set at the top of a template.
    vars: Mutex<Names>,
    exported: Mutex<HashSet<String>>,
    /// By name, the definition of the most derived template first.
    pub blocks: Mutex<HashMap<&'static str, Vec<BlockOf>>>,
    /// An `autoescape false` is being run.
    pub plain: Arc<AtomicBool>,
}

impl Context {
    pub fn new(given: Arc<Names>) -> Arc<Context> {
        Arc::new(Context { given, ..Context::default() })
    }

    /// The same blocks, and other names: what a scoped block sees.
    pub fn derived(&self, given: Arc<Names>) -> Arc<Context> {
        let blocks = self.blocks.lock().expect("no holder panics").clone();
        let plain = self.plain.clone();
        Arc::new(Context { given, blocks: Mutex::new(blocks), plain, ..Context::default() })
    }

    pub fn find(&self, name: &str) -> Option<Value> {
        let own = self.vars.lock().expect("no holder panics").get(name).cloned();
        own.or_else(|| self.given.get(name).cloned())
    }

    /// Everything it sees.
    pub fn all(&self) -> Names {
        let mut names = (*self.given).clone();
        names.extend(self.vars.lock().expect("no holder panics").clone());
        names
    }

    pub fn set(&self, name: &str, value: Value, export: bool) {
        self.vars.lock().expect("no holder panics").insert(name.into(), value);
        let mut exported = self.exported.lock().expect("no holder panics");
        if export && !name.starts_with('_') {
            exported.insert(name.into());
        } else {
            exported.remove(name);
        }
    }

    /// What an importing template gets.
    pub fn exports(&self) -> Names {
        let vars = self.vars.lock().expect("no holder panics");
        let exported = self.exported.lock().expect("no holder panics");
        vars.iter()
            .filter(|(name, _)| exported.contains(*name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    pub fn add_blocks(&self, template: &Arc<Template>) {
        let mut blocks = self.blocks.lock().expect("no holder panics");
        for block in template.blocks() {
            blocks.entry(block.name).or_default().push(BlockOf { template: template.clone(), block });
        }
    }

    pub fn block(&self, name: &str, level: usize) -> Option<BlockOf> {
        self.blocks.lock().expect("no holder panics").get(name).and_then(|list| list.get(level)).cloned()
    }

    /// Lets go of the values: macros among them hold this context.
    pub fn clear(&self) {
        let values = std::mem::take(&mut *self.vars.lock().expect("no holder panics"));
        drop(values);
    }
}

/// The names of one tag, inside the scope of another. A name without a value hides the outer ones.
#[derive(Debug, Default)]
pub struct Scope {
    names: Mutex<HashMap<String, Option<Value>>>,
    outer: Option<Arc<Scope>>,
}

impl Scope {
    pub fn inside(outer: &Arc<Scope>) -> Arc<Scope> {
        Arc::new(Scope { names: Mutex::default(), outer: Some(outer.clone()) })
    }

    pub fn set(&self, name: &str, value: Option<Value>) {
        self.names.lock().expect("no holder panics").insert(name.into(), value);
    }

    /// None: no scope knows the name.
    pub fn find(&self, name: &str) -> Option<Option<Value>> {
        let own = self.names.lock().expect("no holder panics").get(name).cloned();
        own.or_else(|| self.outer.as_ref().and_then(|outer| outer.find(name)))
    }

    /// Adds the names of this scope and of those around it that have a value.
    pub fn add_to(&self, names: &mut Names) {
        if let Some(outer) = &self.outer {
            outer.add_to(names);
        }
        for (name, value) in self.names.lock().expect("no holder panics").iter() {
            if let Some(value) = value {
                names.insert(name.clone(), value.clone());
            }
        }
    }

    /// Lets go of the values: macros among them hold this scope.
    pub fn clear(&self) {
        let values = std::mem::take(&mut *self.names.lock().expect("no holder panics"));
        drop(values);
    }
}
