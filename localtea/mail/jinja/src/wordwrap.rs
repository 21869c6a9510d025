//! Python's textwrap.wrap with expand_tabs and replace_whitespace off, as Jinja2's wordwrap calls it.

use crate::budget;

pub struct Options {
    pub width: usize,
    pub break_long_words: bool,
    pub break_on_hyphens: bool,
}

/// The lines of one paragraph.
pub fn wrap(text: &str, options: &Options) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut chunks = if options.break_on_hyphens { hyphen_chunks(&chars) } else { space_chunks(&chars) };
    chunks.reverse();
    let mut lines: Vec<String> = Vec::new();
    while !chunks.is_empty() {
        if !lines.is_empty() && blank(chunks.last()) {
            chunks.pop();
        }
        let mut line = take_line(&mut chunks, options);
        if blank(line.last()) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(line.concat());
        }
    }
    lines
}

/// Moves as many chunks as fit from the end of `chunks` into a line; breaks one that fits nowhere.
fn take_line(chunks: &mut Vec<String>, options: &Options) -> Vec<String> {
    let mut line = Vec::new();
    let mut used = 0;
    while let Some(size) = chunks.last().map(|chunk| chunk.chars().count()) {
        if used + size > options.width {
            break;
        }
        used += size;
        line.extend(chunks.pop());
    }
    if chunks.last().is_some_and(|chunk| chunk.chars().count() > options.width) {
        break_chunk(chunks, &mut line, options.width - used, options);
    }
    line
}

fn break_chunk(chunks: &mut Vec<String>, line: &mut Vec<String>, room: usize, options: &Options) {
    if options.break_long_words {
        let chunk: Vec<char> = chunks.pop().unwrap_or_default().chars().collect();
        // What is left of a long word is copied for each line.
        if !budget::allow(chunk.len().saturating_mul(4)) {
            chunks.clear();
            return;
        }
        let end = room.min(chunk.len());
        let hyphen = chunk[..end]
            .iter()
            .rposition(|c| *c == '-')
            .filter(|at| *at > 0 && chunk[..*at].iter().any(|c| *c != '-'));
        let end = match hyphen {
            Some(at) if options.break_on_hyphens && chunk.len() > room => at + 1,
            _ => end,
        };
        line.push(chunk[..end].iter().collect());
        chunks.push(chunk[end..].iter().collect());
    } else if line.is_empty() {
        line.extend(chunks.pop());
    }
}

fn blank(chunk: Option<&String>) -> bool {
    chunk.is_some_and(|chunk| chunk.chars().all(crate::python::is_space))
}

fn is_ascii_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ')
}

fn space_chunks(chars: &[char]) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if at == 0 || is_ascii_space(*c) != is_ascii_space(chars[at - 1]) {
            chunks.push(String::new());
        }
        chunks.last_mut().expect("pushed above").push(*c);
    }
    chunks
}

/// Splits at white space, after the hyphens of compound words, and around em-dashes ("--").
fn hyphen_chunks(chars: &[char]) -> Vec<String> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let end = chunk_end(chars, start);
        chunks.push(chars[start..end].iter().collect());
        start = end;
    }
    chunks
}

fn chunk_end(chars: &[char], start: usize) -> usize {
    let run = |from: usize, in_run: fn(char) -> bool| {
        from + chars[from..].iter().take_while(|c| in_run(**c)).count()
    };
    if is_ascii_space(chars[start]) {
        return run(start, is_ascii_space);
    }
    let dashes = run(start, |c| c == '-');
    if start > 0
        && word_punctuation(chars[start - 1])
        && dashes - start >= 2
        && chars.get(dashes).is_some_and(|c| word(*c))
    {
        return dashes;
    }
    let mut end = start + 1;
    while end <= chars.len() {
        if let Some(end) = word_end(chars, start, end) {
            return end;
        }
        end += 1;
    }
    chars.len()
}

/// The end of the word that began at `start` when it may end at `at`.
fn word_end(chars: &[char], start: usize, at: usize) -> Option<usize> {
    let is = |index: usize, test: fn(char) -> bool| chars.get(index).is_some_and(|c| test(*c));
    if chars.get(at) == Some(&'-') {
        let two_letters = at >= 2 && is(at - 2, letter) && is(at - 1, letter);
        let after_hyphen =
            at >= 3 && is(at - 3, letter) && chars[at - 2] == '-' && is(at - 1, word_punctuation);
        let next = at + 1;
        let letters_follow = is(next, letter)
            && (is(next + 1, letter) || (chars.get(next + 1) == Some(&'-') && is(next + 2, letter)));
        if (two_letters || after_hyphen) && letters_follow {
            return Some(next);
        }
    }
    if at == chars.len() || is(at, is_ascii_space) {
        return Some(at);
    }
    if at == start || !word_punctuation(chars[at - 1]) {
        return None;
    }
    let dashes = at + chars[at..].iter().take_while(|c| **c == '-').count();
    (dashes - at >= 2 && is(dashes, word)).then_some(at)
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn letter(c: char) -> bool {
    word(c) && !c.is_numeric() && c != '_'
}

fn word_punctuation(c: char) -> bool {
    word(c) || "!\"'&.,?".contains(c)
}
