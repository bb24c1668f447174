use super::{Style, Tag};

mod number;
mod time;

pub(super) use number::{Number, number};
pub(super) use time::timestamp;

/// Plain texts that are no strings, as go-yaml v3 reads them. `yes`, `no`, `on`, `off`, `y`, `n` are not among them.
const WORDS: &[(&str, Tag)] = &[
    ("", Tag::Null),
    ("~", Tag::Null),
    ("null", Tag::Null),
    ("Null", Tag::Null),
    ("NULL", Tag::Null),
    ("true", Tag::Bool),
    ("True", Tag::Bool),
    ("TRUE", Tag::Bool),
    ("false", Tag::Bool),
    ("False", Tag::Bool),
    ("FALSE", Tag::Bool),
    (".nan", Tag::Float),
    (".NaN", Tag::Float),
    (".NAN", Tag::Float),
    (".inf", Tag::Float),
    (".Inf", Tag::Float),
    (".INF", Tag::Float),
    ("+.inf", Tag::Float),
    ("+.Inf", Tag::Float),
    ("+.INF", Tag::Float),
    ("-.inf", Tag::Float),
    ("-.Inf", Tag::Float),
    ("-.INF", Tag::Float),
];

/// The longest of [`WORDS`].
const LONGEST_WORD: usize = 5;

/// Tags that an author can write out, and what they make of a scalar.
const TAGS: &[(&str, Tag)] = &[
    ("null", Tag::Null),
    ("bool", Tag::Bool),
    ("int", Tag::Int),
    ("float", Tag::Float),
    ("timestamp", Tag::Timestamp),
    ("str", Tag::Str),
    ("binary", Tag::Binary),
];

/// What go-yaml v3 takes a plain text for.
pub(super) fn resolve(text: &str) -> Tag {
    let word = || WORDS.iter().find(|(word, _)| *word == text).map(|(_, tag)| *tag);
    match text.as_bytes().first() {
        None => Tag::Null,
        Some(b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'~') if text.len() <= LONGEST_WORD => {
            word().unwrap_or(Tag::Str)
        }
        Some(b'.' | b'+' | b'-' | b'0'..=b'9') => {
            if text.len() <= LONGEST_WORD
                && let Some(tag) = word()
            {
                return tag;
            }
            if timestamp(text).is_some() {
                return Tag::Timestamp;
            }
            match number(text) {
                Some(Number::Float(_)) => Tag::Float,
                Some(_) => Tag::Int,
                None => Tag::Str,
            }
        }
        Some(_) => Tag::Str,
    }
}

/// What an explicit tag makes of a scalar; the tag's name where the text does not fit it.
pub(super) fn explicit(full: &str, text: &str, style: Style) -> Result<Tag, &'static str> {
    if full == "!" {
        return Ok(if style == Style::Plain { resolve(text) } else { Tag::Str });
    }
    let known = full.strip_prefix("tag:yaml.org,2002:").and_then(|name| TAGS.iter().find(|(known, _)| *known == name));
    let Some((name, asked)) = known else { return Ok(Tag::Str) };
    match (asked, resolve(text)) {
        (Tag::Str | Tag::Binary, _) | (Tag::Float, Tag::Int) => Ok(*asked),
        (_, found) if found == *asked => Ok(*asked),
        _ => Err(name),
    }
}
