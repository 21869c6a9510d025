//! A template as loaded: minijinja's syntax tree, checked for what Jinja2 refuses when it compiles.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use minijinja::machinery::ast::{Block, Expr, Macro, Stmt};
use minijinja::machinery::{parse, Span};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error};

use crate::environment::UNSUPPORTED;
use crate::errors::syntax;
use crate::source::{self, Words};
use crate::symbols::{self, Hidden};
use crate::walk::{self, Node};

pub type Statements = &'static [Stmt<'static>];

/// The tree borrows from `text` and is handed out as if it lived forever: whoever holds a part of it holds the
/// `Arc` as well, or is done before the engine, which keeps every template.
pub struct Template {
    pub name: String,
    tree: Stmt<'static>,
    words: HashMap<u32, Words>,
    pub extends: bool,
    pub hidden: Hidden,
    // Dropped after the tree.
    _text: Box<str>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Template {
    pub fn parse(name: &str, text: &str, environment: &Environment) -> Result<Arc<Template>, Error> {
        let source = source::read(name, text)?;
        let text = source.text.into_boxed_str();
        // Safety: the text is on the heap, never changes, and goes after the tree.
        let kept: &'static str = unsafe { &*(&*text as *const str) };
        let tree = parse(kept, "", SyntaxConfig::default()).map_err(|error| {
            syntax(format!("{} ({name}, line {})", told(&error), error.line().unwrap_or(1)))
        })?;
        let mut template = Template {
            name: name.into(),
            tree,
            words: source.words,
            extends: false,
            hidden: Hidden::new(),
            _text: text,
        };
        template.extends = check(&template, environment)?;
        template.hidden = symbols::hidden(template.body());
        Ok(Arc::new(template))
    }

    pub fn body(&self) -> Statements {
        match &self.tree {
            // Safety: see the struct.
            Stmt::Template(root) => unsafe { &*(root.children.as_slice() as *const [Stmt<'static>]) },
            _ => &[],
        }
    }

    pub fn words(&self, span: Span) -> Words {
        self.words.get(&span.start_offset).copied().unwrap_or_default()
    }

    pub fn blocks(&self) -> Vec<&'static Block<'static>> {
        let mut blocks = Vec::new();
        walk::statements(self.body(), false, &mut |node, _| {
            if let Node::Statement(Stmt::Block(block)) = node {
                blocks.push(&**block);
            }
            true
        });
        blocks
    }
}

fn told(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("syntax error: {detail}"),
        None => error.kind().to_string(),
    }
}

/// What Jinja2 refuses when it compiles. Answers whether the template extends another.
fn check(template: &Template, environment: &Environment) -> Result<bool, Error> {
    let (body, name) = (template.body(), &template.name);
    let mut problem: Option<(String, u16)> = None;
    let mut line = 1;
    let mut extends = false;
    walk::statements(body, false, &mut |node, soft| {
        let text = match node {
            Node::Statement(statement) => {
                line = line_of(statement);
                extends = extends || matches!(statement, Stmt::Extends(_));
                statement_problem(statement).or_else(|| escaping_part(statement, template))
            }
            Node::Filter(name) if UNSUPPORTED.contains(&name) => {
                Some(format!("the filter {name} is not supported"))
            }
            Node::Filter(name) if !soft && !crate::environment::has_filter(environment, name) => {
                Some(format!("unknown filter: {name}"))
            }
            Node::Test(name) if !soft && !crate::environment::has_test(environment, name) => {
                Some(format!("unknown test: {name}"))
            }
            _ => None,
        };
        if let (None, Some(text)) = (&problem, text) {
            problem = Some((text, line));
        }
        true
    });
    if let (None, Some(line)) = (&problem, nested_extends(body, true)) {
        problem = Some(("extends inside another tag".into(), line));
    }
    match problem {
        Some((text, line)) => Err(syntax(format!("{text} ({name}, line {line})"))),
        None => Ok(extends),
    }
}

fn statement_problem(statement: &'static Stmt<'static>) -> Option<String> {
    let caller = |node: &'static Macro<'static>| {
        let required = node.args.len() - node.defaults.len();
        let named = |arg: &Expr| matches!(arg, Expr::Var(name) if name.id == "caller");
        node.args[..required].iter().any(named).then(|| "the argument caller needs a default".to_string())
    };
    match statement {
        Stmt::Macro(node) => caller(node),
        Stmt::CallBlock(node) => caller(&node.macro_decl),
        Stmt::Set(node) => match &node.target {
            Expr::GetAttr(target) if !matches!(target.expr, Expr::Var(_)) => {
                Some("set of an attribute of an attribute".into())
            }
            _ => None,
        },
        _ => None,
    }
}

/// What Jinja2 does in a way of its own: it writes an include without context past a set, filter, macro or call
/// around it, and half of a block inside autoescape is escaped as if it stood outside.
fn escaping_part(statement: &'static Stmt<'static>, template: &Template) -> Option<String> {
    let body: Statements = match statement {
        Stmt::AutoEscape(node) => {
            let mut found = false;
            walk::statements(&node.body, false, &mut |node, _| {
                found = found || matches!(node, Node::Statement(Stmt::Block(_)));
                true
            });
            return found.then(|| "a block inside autoescape is not supported".into());
        }
        Stmt::SetBlock(node) => &node.body,
        Stmt::FilterBlock(node) => &node.body,
        Stmt::Macro(node) => &node.body,
        Stmt::CallBlock(node) => &node.macro_decl.body,
        _ => return None,
    };
    let mut found = false;
    walk::statements(body, false, &mut |node, _| {
        if let Node::Statement(Stmt::Include(node)) = node {
            found = found || template.words(node.span()).context == Some(false);
        }
        true
    });
    found.then(|| "include without context inside set, filter, macro or call is not supported".into())
}

/// The line of an extends that is neither at the top nor under conditions alone.
fn nested_extends(body: Statements, top: bool) -> Option<u16> {
    body.iter().find_map(|statement| match statement {
        Stmt::Extends(_) if !top => Some(line_of(statement)),
        Stmt::IfCond(node) => {
            nested_extends(&node.true_body, top).or_else(|| nested_extends(&node.false_body, top))
        }
        Stmt::ForLoop(node) => {
            nested_extends(&node.body, false).or_else(|| nested_extends(&node.else_body, false))
        }
        Stmt::WithBlock(node) => nested_extends(&node.body, false),
        Stmt::SetBlock(node) => nested_extends(&node.body, false),
        Stmt::AutoEscape(node) => nested_extends(&node.body, false),
        Stmt::FilterBlock(node) => nested_extends(&node.body, false),
        Stmt::Block(node) => nested_extends(&node.body, false),
        Stmt::Macro(node) => nested_extends(&node.body, false),
        Stmt::CallBlock(node) => nested_extends(&node.macro_decl.body, false),
        _ => None,
    })
}

pub fn line_of(statement: &Stmt) -> u16 {
    match statement {
        Stmt::Template(node) => node.span(),
        Stmt::EmitExpr(node) => node.span(),
        Stmt::EmitRaw(node) => node.span(),
        Stmt::ForLoop(node) => node.span(),
        Stmt::IfCond(node) => node.span(),
        Stmt::WithBlock(node) => node.span(),
        Stmt::Set(node) => node.span(),
        Stmt::SetBlock(node) => node.span(),
        Stmt::AutoEscape(node) => node.span(),
        Stmt::FilterBlock(node) => node.span(),
        Stmt::Block(node) => node.span(),
        Stmt::Import(node) => node.span(),
        Stmt::FromImport(node) => node.span(),
        Stmt::Extends(node) => node.span(),
        Stmt::Include(node) => node.span(),
        Stmt::Macro(node) => node.span(),
        Stmt::CallBlock(node) => node.span(),
        Stmt::Do(node) => node.span(),
    }
    .start_line
}
