//! Python's html.unescape.

/// Names that HTML also knows without a semicolon.
const LEGACY: &str = " AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT Iacute \
    Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute \
    aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc \
    egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro middot nbsp not \
    ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect shy sup1 sup2 sup3 \
    szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml ";

/// The names that stand for white space.
const SPACES: [(&str, &str); 17] = [
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("nbsp", "\u{a0}"),
    ("NonBreakingSpace", "\u{a0}"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("emsp13", "\u{2004}"),
    ("emsp14", "\u{2005}"),
    ("numsp", "\u{2007}"),
    ("puncsp", "\u{2008}"),
    ("thinsp", "\u{2009}"),
    ("ThinSpace", "\u{2009}"),
    ("hairsp", "\u{200a}"),
    ("VeryThinSpace", "\u{200a}"),
    ("MediumSpace", "\u{205f}"),
    ("ThickSpace", "\u{205f}\u{200a}"),
    ("ZeroWidthSpace", "\u{200b}"),
];

/// What HTML reads numbers 128 to 159 as: Windows' code page.
const WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}',
    '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (replacement, size) = reference(&rest[1..]).unwrap_or_else(|| ("&".into(), 0));
        out.push_str(&replacement);
        rest = &rest[1 + size..];
    }
    out + rest
}

/// What the reference at the start of `text` (past its "&") stands for, and how many bytes it takes.
fn reference(text: &str) -> Option<(String, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        return numeric(number).map(|(value, size)| (value, size + 1));
    }
    let ends = |c: char| matches!(c, '\t' | '\n' | '\x0c' | ' ' | '<' | '&' | '#' | ';');
    let size: usize = text.chars().take(32).take_while(|c| !ends(*c)).map(char::len_utf8).sum();
    let name = &text[..size];
    if text[size..].starts_with(';') {
        if let Some(value) = named(name) {
            return Some((value, size + 1));
        }
    }
    let prefixes = name.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    let legacy =
        prefixes.filter(|end| *end > 1).find(|end| LEGACY.contains(&format!(" {} ", &name[..*end])))?;
    named(&name[..legacy]).map(|value| (value, legacy))
}

fn numeric(text: &str) -> Option<(String, usize)> {
    let (base, skip) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits: &str = &text[skip..];
    let digits = &digits[..digits.find(|c: char| !c.is_digit(base)).unwrap_or(digits.len())];
    if digits.is_empty() {
        return None;
    }
    let end = skip + digits.len();
    let size = end + usize::from(text[end..].starts_with(';'));
    Some((code_point(u32::from_str_radix(digits, base).unwrap_or(u32::MAX)), size))
}

fn code_point(number: u32) -> String {
    match number {
        0 => "\u{fffd}".into(),
        0x0d => "\r".into(),
        0x80..=0x9f => WINDOWS[(number - 0x80) as usize].into(),
        0x01..=0x08 | 0x0b | 0x0e..=0x1f | 0x7f | 0xfdd0..=0xfdef => String::new(),
        number if number <= 0x10ffff && number & 0xfffe == 0xfffe => String::new(),
        number => char::from_u32(number).unwrap_or('\u{fffd}').into(),
    }
}

fn named(name: &str) -> Option<String> {
    if let Some((_, space)) = SPACES.iter().find(|(known, _)| *known == name) {
        return Some((*space).into());
    }
    // The crate's table is private; its striptags replaces a known reference and leaves an unknown one.
    let source = format!("&{name};");
    let value = minijinja_contrib::filters::striptags(source.clone());
    (value != source).then_some(value)
}
