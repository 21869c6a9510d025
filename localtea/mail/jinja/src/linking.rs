//! The tags that tie templates, blocks and macros together.

use std::sync::Arc;

use minijinja::machinery::ast::{Expr, FromImport, Import, Include, Stmt};
use minijinja::Value;

use crate::budget;
use crate::errors::refuse;
use crate::frame::{Frame, Module};
use crate::python::{iterate, str_of};
use crate::rendering::{printed, write, Outcome, Rendering};
use crate::scope::{Context, Names};

impl Rendering<'_> {
    pub fn part(
        &mut self,
        statement: &'static Stmt<'static>,
        frame: &Frame,
        out: &mut String,
    ) -> Outcome<()> {
        match statement {
            Stmt::Block(node) if !(frame.top && frame.silent()) => {
                let context = match frame.template.words(node.span()).scoped {
                    true => self.derived(frame)?,
                    false => frame.context.clone(),
                };
                self.block(node.name, 0, &context, out)?;
            }
            Stmt::Block(_) => {}
            Stmt::Extends(node) => {
                let name = self.eval(&node.name, frame)?;
                let parent =
                    self.template(name.as_str().ok_or_else(|| refuse("extends needs a template's name"))?)?;
                if frame.silent() {
                    return Err(refuse("extended multiple times").into());
                }
                frame.context.add_blocks(&parent);
                if let Some(slot) = &frame.parent {
                    *slot.lock().expect("no holder panics") = Some(parent);
                }
            }
            Stmt::Include(node) => {
                self.include(node, frame.template.words(node.span()).context, frame, out)?
            }
            Stmt::Import(node) => {
                let module = self.import(&node.expr, frame.template.words(node.span()).context, frame)?;
                self.bind_import(node, module, frame)?;
            }
            Stmt::FromImport(node) => {
                let module = self.import(&node.expr, frame.template.words(node.span()).context, frame)?;
                self.bind_names(node, &module, frame);
            }
            Stmt::Macro(node) => {
                let value = self.define(node.name, node, frame);
                self.bind(node.name, value, frame, true);
            }
            Stmt::CallBlock(node) => {
                let caller = self.define("caller", &node.macro_decl, frame);
                let value = self.call_with(&node.call, Some(caller), frame)?;
                write(out, &printed(&value, frame.autoescape)?)?;
            }
            _ => return Err(refuse("a statement that is not supported").into()),
        }
        Ok(())
    }

    /// A context that also has what the frame's scopes hold.
    fn derived(&mut self, frame: &Frame) -> Outcome<Arc<Context>> {
        let context = frame.context.derived(self.visible(frame)?);
        self.contexts.push(context.clone());
        Ok(context)
    }

    fn visible(&self, frame: &Frame) -> Outcome<Arc<Names>> {
        let mut names = frame.context.all();
        frame.scope.add_to(&mut names);
        budget::spend_names(names.len())?;
        Ok(Arc::new(names))
    }

    fn include(
        &mut self,
        node: &'static Include<'static>,
        context: Option<bool>,
        frame: &Frame,
        out: &mut String,
    ) -> Outcome<()> {
        let name = self.eval(&node.name, frame)?;
        let choices = if name.as_str().is_some() { vec![name] } else { iterate(&name)? };
        let mut found = None;
        for choice in &choices {
            let name = choice.as_str().ok_or_else(|| refuse("include needs a template's name"))?;
            found = (self.load)(name)?;
            if found.is_some() {
                break;
            }
        }
        let Some(template) = found else {
            let names = choices.iter().map(str_of).collect::<Vec<_>>().join(", ");
            return if node.ignore_missing {
                Ok(())
            } else {
                Err(refuse(format!("template not found: {names}")).into())
            };
        };
        let given = if context == Some(false) { self.globals.clone() } else { self.visible(frame)? };
        self.run(&template, given, out).map(|_| ())
    }

    fn import(
        &mut self,
        name: &'static Expr<'static>,
        context: Option<bool>,
        frame: &Frame,
    ) -> Outcome<Value> {
        let name = self.eval(name, frame)?;
        let name = name.as_str().ok_or_else(|| refuse("import needs a template's name"))?.to_string();
        if let (false, Some(module)) = (context == Some(true), self.modules.get(&name)) {
            return Ok(module.clone());
        }
        let template = self.template(&name)?;
        let given = if context == Some(true) { self.visible(frame)? } else { self.globals.clone() };
        let exports = self.run(&template, given, &mut String::new())?.exports();
        let module = Value::from_object(Module(exports));
        if context != Some(true) {
            self.modules.insert(name, module.clone());
        }
        Ok(module)
    }

    fn bind_import(&mut self, node: &'static Import<'static>, module: Value, frame: &Frame) -> Outcome<()> {
        match &node.name {
            Expr::Var(name) => self.bind(name.id, module, frame, false),
            _ => return Err(refuse("import needs one name").into()),
        }
        Ok(())
    }

    fn bind_names(&mut self, node: &'static FromImport<'static>, module: &Value, frame: &Frame) {
        for (name, alias) in &node.names {
            if let (Expr::Var(name), Expr::Var(alias)) = (name, alias.as_ref().unwrap_or(name)) {
                let value = module.get_attr(name.id).unwrap_or_default();
                self.bind(alias.id, value, frame, false);
            }
        }
    }
}
