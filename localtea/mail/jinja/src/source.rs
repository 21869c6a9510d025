//! A template's text as minijinja's parser needs it: tuples without brackets get them, and what the parser
//! would read otherwise than Jinja2 is refused by name.

use std::collections::HashMap;

use minijinja::machinery::{Span, Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;
use minijinja::Error;

/// What the parser reads over: words after the name of a block or of a template.
#[derive(Clone, Copy, Default, Debug)]
pub struct Words {
    pub scoped: bool,
    /// `with context` or `without context`.
    pub context: Option<bool>,
}

pub struct Source {
    pub text: String,
    /// By the place of the tag's first word in `text`.
    pub words: HashMap<u32, Words>,
}

/// The parser recurses over what a tag holds and over a condition's branches.
const MAX_WORDS: usize = 1000;
const MAX_BRANCHES: usize = 200;

type Tokens<'s> = Vec<(Token<'s>, Span)>;

pub fn read(name: &str, original: &str) -> Result<Source, Error> {
    // Jinja2 reads every kind of line end as "\n".
    let original = original.replace("\r\n", "\n").replace('\r', "\n");
    let mut tokenizer = Tokenizer::new(&original, name, false, SyntaxConfig::default());
    let mut source = Source { text: String::with_capacity(original.len() + 64), words: HashMap::new() };
    let mut copied = 0;
    let mut tag = Tokens::new();
    let mut branches = 0;
    while let Some((token, span)) = tokenizer.next_token()? {
        check_literal(&original[span.start_offset as usize..span.end_offset as usize], &token)
            .map_err(|problem| problem.at(name, &span))?;
        match token {
            Token::BlockStart | Token::VariableStart => tag.clear(),
            Token::BlockEnd | Token::VariableEnd => {
                let shift = source.text.len() as i64 - copied as i64;
                branches += usize::from(keyword(&tag) == "elif");
                if tag.len() > MAX_WORDS || branches > MAX_BRANCHES {
                    let text = format!("more than {MAX_WORDS} words in a tag or {MAX_BRANCHES} elif");
                    return Err(Problem(text).at(name, &span));
                }
                let edits = tag_edits(&tag, matches!(token, Token::BlockEnd))
                    .map_err(|problem| problem.at(name, &span))?;
                if let (Some((_, first)), Some(words)) = (tag.first(), words_of(&tag)) {
                    source.words.insert((i64::from(first.start_offset) + shift) as u32, words);
                }
                for (place, text) in edits {
                    source.text.push_str(&original[copied..place]);
                    source.text.push_str(text);
                    copied = place;
                }
            }
            Token::TemplateData(_) => {}
            token => tag.push((token, span)),
        }
    }
    source.text.push_str(&original[copied..]);
    Ok(source)
}

pub struct Problem(String);

impl Problem {
    /// The error with its place, which only the parser can set: one that it makes of nothing at that line.
    fn at(self, name: &str, span: &Span) -> Error {
        crate::errors::syntax(format!("{} ({name}, line {})", self.0, span.start_line))
    }
}

fn refused<T>(text: impl Into<String>) -> Result<T, Problem> {
    Err(Problem(text.into()))
}

/// Escapes and numbers that Python reads otherwise than minijinja.
fn check_literal(text: &str, token: &Token) -> Result<(), Problem> {
    match token {
        Token::String(_) => {
            let mut chars = text.chars();
            while let Some(c) = chars.next() {
                match (c, if c == '\\' { chars.next() } else { None }) {
                    (_, Some(c @ ('/' | 'a' | 'v' | 'U' | 'N' | '\n' | '4'..='7'))) => {
                        return refused(format!(
                            "the escape \\{} in a string is not supported",
                            c.escape_default()
                        ))
                    }
                    _ => continue,
                }
            }
            Ok(())
        }
        Token::Float(_) if text.ends_with('.') || text.contains(".e") || text.contains(".E") => {
            refused(format!("{text} is no number"))
        }
        Token::Int(_) | Token::Int128(_)
            if text.starts_with('0')
                && text.as_bytes().get(1).is_some_and(|c| c.is_ascii_digit() || *c == b'_')
                && text.bytes().any(|c| (b'1'..=b'9').contains(&c)) =>
        {
            refused(format!("{text} is no number"))
        }
        Token::Int(_) | Token::Int128(_) | Token::Float(_) if text.contains("__") => {
            refused(format!("{text} is no number"))
        }
        _ => Ok(()),
    }
}

fn keyword<'s>(tag: &Tokens<'s>) -> &'s str {
    match tag.first() {
        Some((Token::Ident(name), _)) => name,
        _ => "",
    }
}

fn is(token: Option<&(Token, Span)>, word: &str) -> bool {
    matches!(token, Some((Token::Ident(name), _)) if *name == word)
}

fn words_of(tag: &Tokens) -> Option<Words> {
    match keyword(tag) {
        "block" => Some(Words { scoped: is(tag.get(2), "scoped"), context: None }),
        "include" | "import" | "from" if tag.len() > 3 && is(tag.last(), "context") => {
            let with = &tag[tag.len() - 2];
            let context =
                if is(Some(with), "with") { Some(true) } else { is(Some(with), "without").then_some(false) };
            Some(Words { scoped: false, context })
        }
        _ => None,
    }
}

/// The brackets that a tag's tuple lacks, and other changes: what to insert where.
fn tag_edits(tag: &Tokens, block: bool) -> Result<Vec<(usize, &'static str)>, Problem> {
    if !block {
        return Ok(bracketed(tag));
    }
    Ok(match keyword(tag) {
        word @ ("do" | "break" | "continue") => return refused(format!("unknown statement {word}")),
        "if" | "elif" => bracketed(&tag[1..]),
        "for" => {
            let depths = depths(tag);
            let at = |words: &[&str], from: usize| {
                (from..tag.len())
                    .find(|at| depths[*at] == 0 && words.iter().any(|word| is(tag.get(*at), word)))
            };
            match at(&["in"], 1) {
                Some(start) => {
                    bracketed(&tag[start + 1..at(&["if", "recursive"], start).unwrap_or(tag.len())])
                }
                None => Vec::new(),
            }
        }
        "include" => {
            let context = tag.iter().position(|token| is(Some(token), "context"));
            if context.is_some_and(|at| is(tag.get(at + 1), "ignore")) {
                return refused("`ignore missing` goes before `with context`");
            }
            Vec::new()
        }
        _ => Vec::new(),
    })
}

/// How many brackets are open before each token.
fn depths(tokens: &[(Token, Span)]) -> Vec<usize> {
    let mut depth: usize = 0;
    let depth_before = |(token, _): &(Token, Span)| {
        match token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                depth += 1;
                return depth - 1;
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth
    };
    tokens.iter().map(depth_before).collect()
}

fn bracketed(tokens: &[(Token, Span)]) -> Vec<(usize, &'static str)> {
    let bare = |(token, depth): (&(Token, Span), usize)| depth == 0 && matches!(token.0, Token::Comma);
    match (tokens.first(), tokens.last()) {
        (Some((_, first)), Some((_, last))) if tokens.iter().zip(depths(tokens)).any(bare) => {
            vec![(first.start_offset as usize, "("), (last.end_offset as usize, ")")]
        }
        _ => Vec::new(),
    }
}
