//! Names that a tag's body sets are its own from its first line on: before they are set they are undefined there,
//! whatever the context holds. A name that is read first, or set under a condition, comes from outside until then.

use std::collections::{HashMap, HashSet};

use minijinja::machinery::ast::{CallArg, Expr, Stmt};

use crate::frame::Frame;
use crate::rendering::targets;
use crate::template::{Statements, Template};
use crate::walk::{self, Node};

type Names = HashSet<&'static str>;

/// By the address of a body, the names that it hides.
pub type Hidden = HashMap<usize, Vec<&'static str>>;

fn address(body: Statements) -> usize {
    body.as_ptr() as usize
}

/// Hides, in the frame's scope, what `body` sets before it reads it.
pub fn hide(frame: &Frame, body: Statements) {
    for name in frame.template.hidden.get(&address(body)).into_iter().flatten() {
        frame.scope.set(name, None);
    }
}

/// The names that each body of a template hides.
pub fn hidden(root: Statements) -> Hidden {
    let mut found = Hidden::new();
    body(root, Names::new(), &Names::new(), &mut found);
    found
}

/// A body inside another: what is set when it begins, and whether it sees the names around it.
struct Inner {
    list: Statements,
    own: Names,
    alone: bool,
}

fn body(list: Statements, own: Names, outer: &Names, found: &mut Hidden) {
    let mut frame = FrameNames { used: own, outer, hidden: Vec::new(), inner: Vec::new() };
    frame.visit(list, false);
    let FrameNames { mut used, hidden, inner, .. } = frame;
    found.insert(address(list), hidden);
    used.extend(outer);
    let none = Names::new();
    for Inner { list, own, alone } in inner.into_iter().filter(|inner| !inner.list.is_empty()) {
        let outer = if alone { &none } else { &used };
        body(list, own, outer, found);
    }
}

struct FrameNames<'o> {
    used: Names,
    outer: &'o Names,
    hidden: Vec<&'static str>,
    inner: Vec<Inner>,
}

impl FrameNames<'_> {
    fn reads(&mut self, node: &'static Expr<'static>) {
        walk::expression(node, false, &mut |node, _| {
            if let Node::Name(name) = node {
                self.used.insert(name);
            }
            true
        });
    }

    fn sets(&mut self, name: &'static str, conditional: bool) {
        if self.used.insert(name) && !conditional && !self.outer.contains(name) {
            self.hidden.push(name);
        }
    }

    fn enters(&mut self, list: Statements, own: Vec<&'static str>) {
        self.inner.push(Inner { list, own: own.into_iter().collect(), alone: false });
    }

    fn visit(&mut self, list: Statements, conditional: bool) {
        list.iter().for_each(|node| self.statement(node, conditional));
    }

    fn statement(&mut self, node: &'static Stmt<'static>, conditional: bool) {
        match node {
            Stmt::Template(_) | Stmt::EmitRaw(_) | Stmt::Do(_) => {}
            Stmt::EmitExpr(node) => self.reads(&node.expr),
            Stmt::IfCond(node) => {
                self.reads(&node.expr);
                self.visit(&node.true_body, true);
                self.visit(&node.false_body, true);
            }
            Stmt::ForLoop(node) => {
                self.reads(&node.iter);
                let mut own = targets(std::iter::once(&node.target));
                own.push("loop");
                self.enters(&node.body, own);
                self.enters(&node.else_body, Vec::new());
            }
            Stmt::WithBlock(node) => {
                node.assignments.iter().for_each(|(_, value)| self.reads(value));
                self.enters(&node.body, targets(node.assignments.iter().map(|(target, _)| target)));
            }
            Stmt::Set(node) => {
                self.reads(&node.expr);
                self.assigns(&node.target, conditional);
            }
            Stmt::SetBlock(node) => {
                self.assigns(&node.target, conditional);
                self.enters(&node.body, Vec::new());
            }
            Stmt::AutoEscape(node) => self.enters(&node.body, Vec::new()),
            Stmt::FilterBlock(node) => {
                self.reads(&node.filter);
                self.enters(&node.body, Vec::new());
            }
            Stmt::Block(node) => {
                self.inner.push(Inner { list: &node.body, own: Names::new(), alone: true });
            }
            _ => self.part(node, conditional),
        }
    }

    fn part(&mut self, node: &'static Stmt<'static>, conditional: bool) {
        let name = |node: &'static Expr<'static>| targets(std::iter::once(node));
        match node {
            Stmt::Import(node) => {
                self.reads(&node.expr);
                name(&node.name).into_iter().for_each(|name| self.sets(name, conditional));
            }
            Stmt::FromImport(node) => {
                self.reads(&node.expr);
                for (original, alias) in &node.names {
                    let names = name(alias.as_ref().unwrap_or(original));
                    names.into_iter().for_each(|name| self.sets(name, conditional));
                }
            }
            Stmt::Extends(node) => self.reads(&node.name),
            Stmt::Include(node) => self.reads(&node.name),
            Stmt::Macro(node) => {
                self.sets(node.name, conditional);
                self.macro_body(node);
            }
            Stmt::CallBlock(node) => {
                self.reads(&node.call.expr);
                for arg in &node.call.args {
                    match arg {
                        CallArg::Pos(value)
                        | CallArg::Kwarg(_, value)
                        | CallArg::PosSplat(value)
                        | CallArg::KwargSplat(value) => self.reads(value),
                    }
                }
                self.macro_body(&node.macro_decl);
            }
            _ => {}
        }
    }

    fn macro_body(&mut self, node: &'static minijinja::machinery::ast::Macro<'static>) {
        let mut own = targets(node.args.iter());
        own.extend(["caller", "kwargs", "varargs"]);
        self.enters(&node.body, own);
    }

    fn assigns(&mut self, target: &'static Expr<'static>, conditional: bool) {
        match target {
            Expr::GetAttr(node) => self.reads(&node.expr),
            _ => targets(std::iter::once(target)).into_iter().for_each(|name| self.sets(name, conditional)),
        }
    }
}

/// The body of a loop reads `loop`, or has, as its `else` may, a block that sees the loop's names.
pub fn wants_loop(body: Statements, other: Statements, template: &Template) -> bool {
    let mut wanted = walk::mentions(body, "loop");
    for list in [body, other] {
        walk::statements(list, false, &mut |node, _| {
            if let Node::Statement(Stmt::Block(block)) = node {
                wanted = wanted || template.words(block.span()).scoped;
            }
            !wanted
        });
    }
    wanted
}
