//! A minijinja environment that behaves as Jinja2's with autoescape: where the two differ, Jinja2's way.

use minijinja::value::Rest;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::{filters, methods, python, sequences, text_filters};

/// Names that minijinja has and Jinja2 has not: a template must not come to depend on them.
const NOT_IN_JINJA2: [&str; 5] = ["bool", "chain", "lines", "split", "zip"];
/// Jinja2's, but something else here: refused by name rather than rendered differently.
const DIFFERENT: [&str; 2] = ["attr", "pprint"];

pub fn build<F>(load: F) -> Environment<'static>
where
    F: Fn(&str) -> Result<Option<String>, Error> + Send + Sync + 'static,
{
    let mut environment = Environment::new();
    environment.set_loader(move |name| load(name)?.map(|source| checked(normalized(&source))).transpose());
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_formatter(write_value);
    environment.set_debug(true);
    environment.set_unknown_method_callback(methods::call);
    for name in NOT_IN_JINJA2.into_iter().chain(DIFFERENT) {
        environment.remove_filter(name);
    }
    environment.remove_global("debug");
    environment.add_function("cycler", |items: Rest<Value>| minijinja_contrib::globals::cycler(items.0));
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
    filters::register(&mut environment);
    sequences::register(&mut environment);
    text_filters::register(&mut environment);
    environment
}

/// Jinja2 reads every kind of line end as "\n".
fn normalized(source: &str) -> String {
    source.replace("\r\n", "\n").replace('\r', "\n")
}

/// Refuses what minijinja reads but does not do: an include that must not see the context.
fn checked(source: String) -> Result<String, Error> {
    let without_context = |tag: &str| {
        let tag = tag.split("%}").next().unwrap_or_default().trim_start_matches(['-', '+']).trim_start();
        tag.starts_with("include")
            && tag.split_whitespace().collect::<Vec<_>>().join(" ").contains("without context")
    };
    match source.split("{%").skip(1).any(without_context) {
        true => Err(Error::new(ErrorKind::SyntaxError, "include without context is not supported")),
        false => Ok(source),
    }
}

fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text = match state.auto_escape() {
        AutoEscape::None => python::str_of(value),
        _ => python::html(value),
    };
    out.write_str(&text).map_err(Error::from)
}
