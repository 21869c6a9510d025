//! minijinja's filters, tests and functions as Jinja2 has them: where the two differ, Jinja2's way.

use minijinja::{AutoEscape, Environment};

use crate::{collections, filters, methods, objects, sequences, tests, text_filters};

/// Names that minijinja has and Jinja2 has not: a template must not come to depend on them.
const NOT_IN_JINJA2: [&str; 5] = ["bool", "chain", "lines", "split", "zip"];
/// Jinja2's filters that are not supported: a template that names one is refused when it is loaded.
pub const UNSUPPORTED: [&str; 4] = ["attr", "pprint", "random", "urlize"];
/// The name of a template that is not escaped: its state is for filters outside autoescape.
pub const PLAIN: &str = "plain";

pub fn build() -> Environment<'static> {
    let mut environment = Environment::new();
    environment
        .set_auto_escape_callback(|name| if name == PLAIN { AutoEscape::None } else { AutoEscape::Html });
    environment.set_unknown_method_callback(methods::call);
    for name in NOT_IN_JINJA2.into_iter().chain(UNSUPPORTED) {
        environment.remove_filter(name);
    }
    environment.remove_global("debug");
    objects::register(&mut environment);
    collections::register(&mut environment);
    filters::register(&mut environment);
    sequences::register(&mut environment);
    tests::register(&mut environment);
    text_filters::register(&mut environment);
    environment
}

pub fn has_filter(environment: &Environment, name: &str) -> bool {
    !unknown(environment.empty_state().apply_filter(name, &[]).err())
}

pub fn has_test(environment: &Environment, name: &str) -> bool {
    !unknown(environment.empty_state().perform_test(name, &[]).err())
}

fn unknown(error: Option<minijinja::Error>) -> bool {
    use minijinja::ErrorKind::{UnknownFilter, UnknownTest};
    error.is_some_and(|error| matches!(error.kind(), UnknownFilter | UnknownTest))
}
