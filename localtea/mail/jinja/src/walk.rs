//! Visits a template's tree: which names it reads, which filters and tests it calls.

use minijinja::machinery::ast::{CallArg, Expr, Macro, Stmt};

use crate::budget;

pub enum Node<'n> {
    /// A name that is read.
    Name(&'n str),
    Filter(&'n str),
    Test(&'n str),
    Statement(&'n Stmt<'static>),
}

/// Calls `see` for every node below `statements`; `soft` tells it what stands under a condition. It answers whether
/// to go into a statement.
pub fn statements(
    list: &'static [Stmt<'static>],
    soft: bool,
    see: &mut dyn FnMut(Node<'static>, bool) -> bool,
) {
    list.iter().for_each(|node| statement(node, soft, see));
}

fn statement(node: &'static Stmt<'static>, soft: bool, see: &mut dyn FnMut(Node<'static>, bool) -> bool) {
    // Loops and macros look at their bodies each time they run.
    budget::allow(budget::LOOK);
    if !see(Node::Statement(node), soft) {
        return;
    }
    match node {
        Stmt::Template(node) => statements(&node.children, soft, see),
        Stmt::EmitExpr(node) => expression(&node.expr, soft, see),
        Stmt::EmitRaw(_) => {}
        Stmt::ForLoop(node) => {
            expression(&node.iter, soft, see);
            node.filter_expr.iter().for_each(|filter| expression(filter, soft, see));
            statements(&node.body, soft, see);
            statements(&node.else_body, soft, see);
        }
        Stmt::IfCond(node) => {
            expression(&node.expr, true, see);
            statements(&node.true_body, true, see);
            statements(&node.false_body, true, see);
        }
        Stmt::WithBlock(node) => {
            node.assignments.iter().for_each(|(_, value)| expression(value, soft, see));
            statements(&node.body, soft, see);
        }
        Stmt::Set(node) => expression(&node.expr, soft, see),
        Stmt::SetBlock(node) => {
            node.filter.iter().for_each(|filter| expression(filter, soft, see));
            statements(&node.body, soft, see);
        }
        Stmt::AutoEscape(node) => {
            expression(&node.enabled, soft, see);
            statements(&node.body, soft, see);
        }
        Stmt::FilterBlock(node) => {
            expression(&node.filter, soft, see);
            statements(&node.body, soft, see);
        }
        Stmt::Block(node) => statements(&node.body, false, see),
        Stmt::Import(node) => expression(&node.expr, soft, see),
        Stmt::FromImport(node) => expression(&node.expr, soft, see),
        Stmt::Extends(node) => expression(&node.name, soft, see),
        Stmt::Include(node) => expression(&node.name, soft, see),
        Stmt::Macro(node) => macro_parts(node, soft, see),
        Stmt::CallBlock(node) => {
            call(&node.call.expr, &node.call.args, soft, see);
            macro_parts(&node.macro_decl, soft, see);
        }
        Stmt::Do(_) => {}
    }
}

fn macro_parts(node: &'static Macro<'static>, soft: bool, see: &mut dyn FnMut(Node<'static>, bool) -> bool) {
    node.defaults.iter().for_each(|default| expression(default, soft, see));
    statements(&node.body, soft, see);
}

fn call(
    callee: &'static Expr<'static>,
    args: &'static [CallArg<'static>],
    soft: bool,
    see: &mut dyn FnMut(Node<'static>, bool) -> bool,
) {
    expression(callee, soft, see);
    arguments(args, soft, see);
}

fn arguments(
    args: &'static [CallArg<'static>],
    soft: bool,
    see: &mut dyn FnMut(Node<'static>, bool) -> bool,
) {
    for arg in args {
        match arg {
            CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value) => expression(value, soft, see),
        }
    }
}

pub fn expression(
    node: &'static Expr<'static>,
    soft: bool,
    see: &mut dyn FnMut(Node<'static>, bool) -> bool,
) {
    budget::allow(budget::LOOK);
    let mut all = |parts: &[&'static Expr<'static>], soft: bool| {
        parts.iter().for_each(|part| expression(part, soft, see))
    };
    match node {
        Expr::Var(node) => {
            see(Node::Name(node.id), soft);
        }
        Expr::Const(_) => {}
        Expr::Slice(node) => {
            all(&[&node.expr], soft);
            for part in [&node.start, &node.stop, &node.step].into_iter().flatten() {
                all(&[part], soft);
            }
        }
        Expr::UnaryOp(node) => all(&[&node.expr], soft),
        Expr::BinOp(node) => all(&[&node.left, &node.right], soft),
        Expr::Compare(node) => {
            all(&[&node.expr], soft);
            node.ops.iter().for_each(|part| all(&[&part.expr], soft));
        }
        Expr::IfExpr(node) => {
            all(&[&node.test_expr, &node.true_expr], true);
            node.false_expr.iter().for_each(|part| all(&[part], true));
        }
        Expr::Filter(node) => {
            node.expr.iter().for_each(|part| all(&[part], soft));
            arguments(&node.args, soft, see);
            see(Node::Filter(node.name), soft);
        }
        Expr::Test(node) => {
            all(&[&node.expr], soft);
            arguments(&node.args, soft, see);
            see(Node::Test(node.name), soft);
        }
        Expr::GetAttr(node) => all(&[&node.expr], soft),
        Expr::GetItem(node) => all(&[&node.expr, &node.subscript_expr], soft),
        Expr::Call(node) => call(&node.expr, &node.args, soft, see),
        Expr::List(node) => node.items.iter().for_each(|part| all(&[part], soft)),
        Expr::Tuple(node) => node.items.iter().for_each(|part| all(&[part], soft)),
        Expr::Map(node) => node.keys.iter().chain(&node.values).for_each(|part| all(&[part], soft)),
    }
}

/// The name is read somewhere in `list`, outside blocks.
pub fn mentions(list: &'static [Stmt<'static>], name: &str) -> bool {
    let mut found = false;
    statements(list, false, &mut |node, _| match node {
        Node::Name(read) => {
            found = found || read == name;
            true
        }
        Node::Statement(Stmt::Block(_)) => false,
        _ => !found,
    });
    found
}

/// Jinja2 computes the expression when it compiles: nothing in it is a name, a call or needs the context.
pub fn constant(node: &'static Expr<'static>) -> bool {
    const NEED_CONTEXT: [&str; 6] = ["map", "random", "reject", "rejectattr", "select", "selectattr"];
    let mut constant = !calls(node);
    expression(node, false, &mut |node, _| {
        constant = constant
            && match node {
                Node::Name(_) => false,
                Node::Filter(name) => !NEED_CONTEXT.contains(&name),
                _ => true,
            };
        true
    });
    constant
}

fn calls(node: &'static Expr<'static>) -> bool {
    match node {
        Expr::Call(_) => true,
        Expr::GetAttr(node) => calls(&node.expr),
        Expr::Filter(node) => node.expr.iter().any(calls),
        _ => false,
    }
}
