//! What is told about a template that failed. The text ends up in results and logs, so it names places and
//! names of the template, never values of the context: those hold addresses and tokens.

use std::error::Error as StdError;
use std::fmt;

use minijinja::{Error, ErrorKind};

/// An error of this crate; its text is known to hold no value of the context.
#[derive(Debug)]
struct Plain(String);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Plain {}

/// A failure whose text may be shown.
pub fn refuse(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, "refused").with_source(Plain(text.into()))
}

/// What is wrong with a template's text; it says where itself.
pub fn syntax(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::SyntaxError, "syntax").with_source(Plain(text.into()))
}

/// One line: what went wrong and where ("unknown filter: tojsn (verification.html, line 12)").
pub fn describe(error: &Error) -> String {
    let cause = root(error);
    let mut text = match plain(cause) {
        Some(plain) => plain.0.clone(),
        None => cause.kind().to_string(),
    };
    if let Some(detail) =
        cause.detail().filter(|detail| plain(cause).is_none() && tellable(cause.kind(), detail))
    {
        text = format!("{text}: {detail}");
    }
    match (cause.name(), cause.line()) {
        (Some(name), Some(line)) => format!("{text} ({name}, line {line})"),
        _ => text,
    }
}

/// Includes and blocks wrap the error that happened in them.
fn root(error: &Error) -> &Error {
    let inner = error.source().and_then(|source| source.downcast_ref::<Error>());
    inner.map_or(error, root)
}

fn plain(error: &Error) -> Option<&Plain> {
    error.source().and_then(|source| source.downcast_ref::<Plain>())
}

/// Details of most kinds quote the template's own text alone. An invalid operation's tells of types, but where it
/// quotes something, that may be a value.
fn tellable(kind: ErrorKind, detail: &str) -> bool {
    match kind {
        ErrorKind::SyntaxError
        | ErrorKind::TemplateNotFound
        | ErrorKind::UnknownFilter
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownMethod
        | ErrorKind::UnknownBlock
        | ErrorKind::UndefinedError
        | ErrorKind::MissingArgument
        | ErrorKind::TooManyArguments => true,
        ErrorKind::InvalidOperation => !detail.contains(['\'', '"', '`']),
        _ => false,
    }
}
