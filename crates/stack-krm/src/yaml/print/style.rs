use super::super::Tag;
use super::super::resolve::{number, resolve, timestamp};
use super::super::yaml_1_1::BOOLEANS;

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    Plain,
    Single,
    Double,
    Literal,
}

/// What a text is made of, as far as its style depends on it.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape(u16);

const BREAK: u16 = 1;
const SPECIAL: u16 = 1 << 1;
const INDICATOR: u16 = 1 << 2;
const BLANK_EDGE: u16 = 1 << 3;
const TRAILING_SPACE: u16 = 1 << 4;
const BREAK_SPACE: u16 = 1 << 5;
const SPACE_BREAK: u16 = 1 << 6;
const TAB: u16 = 1 << 7;
const ASTRAL: u16 = 1 << 8;
const LINE_FEED: u16 = 1 << 9;
/// U+2028 and U+2029, which YAML 1.1 takes for line breaks and YAML 1.2 does not.
const SEPARATOR: u16 = 1 << 10;

/// Characters that do not come through JSON as they are.
const CHANGED_BY_JSON: u16 = 1 << 11;

/// Bytes that have no bearing on the style, wherever they stand.
const ORDINARY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x21_u8;
    while byte < 0x7f {
        table[byte as usize] = !matches!(byte, b':' | b'#');
        byte += 1;
    }
    table
};

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let Some(first) = bytes.first() else { return Self(0) };
        let mut shape = 0;
        let blank = |index: usize| bytes.get(index).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
        match first {
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => shape |= INDICATOR,
            b'?' | b':' | b'-' if blank(1) => shape |= INDICATOR,
            _ => {}
        }
        if bytes.starts_with(b"---") || bytes.starts_with(b"...") {
            shape |= INDICATOR;
        }
        let mut at = 0;
        while let Some(found) = bytes[at..].iter().position(|byte| !ORDINARY[*byte as usize]) {
            at += found;
            let (flags, width) = Self::character(text, at);
            shape |= flags;
            at += width;
        }
        Self(shape)
    }

    /// What the character at `at` adds, and its width.
    fn character(text: &str, at: usize) -> (u16, usize) {
        let bytes = text.as_bytes();
        let previous = at.checked_sub(1).map(|index| bytes[index]);
        let edge = |last: bool| if at == 0 || last { BLANK_EDGE } else { 0 };
        let broken = || text[..at].ends_with(is_break);
        match bytes[at] {
            b':' => (if matches!(bytes.get(at + 1), None | Some(b' ' | b'\t')) { INDICATOR } else { 0 }, 1),
            b'#' => {
                let after_blank = matches!(previous, None | Some(b' ' | b'\t' | 0)) || broken();
                (if after_blank { INDICATOR } else { 0 }, 1)
            }
            b' ' => {
                let last = at + 1 == bytes.len();
                let after_break = if previous.is_some_and(|byte| byte == b'\n' || byte >= 0x80) && broken() {
                    BREAK_SPACE
                } else {
                    0
                };
                (edge(last) | if last { TRAILING_SPACE } else { 0 } | after_break, 1)
            }
            b'\n' => {
                let after_space = if previous == Some(b' ') { SPACE_BREAK } else { 0 };
                (BREAK | LINE_FEED | edge(at + 1 == bytes.len()) | after_space, 1)
            }
            b'\t' => (TAB, 1),
            0x7f => (SPECIAL | CHANGED_BY_JSON, 1),
            0x00..0x80 => {
                let carriage_return = if bytes[at] == b'\r' { BREAK } else { 0 };
                (SPECIAL | carriage_return, 1)
            }
            _ => {
                let character = text[at..].chars().next().unwrap_or_default();
                let width = character.len_utf8();
                let flags = match character {
                    '\u{2028}' | '\u{2029}' => {
                        let after_space = if previous == Some(b' ') { SPACE_BREAK } else { 0 };
                        BREAK | SEPARATOR | edge(at + width == bytes.len()) | after_space
                    }
                    '\u{80}'..'\u{a0}' | '\u{fffe}' | '\u{ffff}' => SPECIAL | CHANGED_BY_JSON,
                    '\u{feff}' => SPECIAL,
                    '\u{10000}'.. => ASTRAL,
                    _ => 0,
                };
                (flags, width)
            }
        }
    }

    fn has(self, flags: u16) -> bool {
        self.0 & flags != 0
    }

    pub(super) fn is_changed_by_json(self) -> bool {
        self.has(CHANGED_BY_JSON)
    }

    /// Whether a key of this shape needs the long form `? key`.
    pub(super) fn has_break(self) -> bool {
        self.has(BREAK)
    }

    /// go-yaml v2's choice for a string.
    pub(super) fn kustomize(self, text: &str, key: bool) -> Quote {
        self.choose(!reads_as_other(text), SPECIAL | TAB | ASTRAL, SPECIAL | TAB | ASTRAL, key)
    }

    /// The choice for a file that people read: one that every reader, of YAML 1.1 or 1.2, takes for the same string.
    pub(super) fn source(self, text: &str, key: bool) -> Quote {
        let unclear = reads_as_other(text) || looks_like_other(text);
        // Readers find the indentation of a literal by its first line, so that line cannot start with a tab.
        let tab_first = text.trim_start_matches('\n').starts_with('\t');
        let special = SPECIAL | SEPARATOR;
        self.choose(!unclear, special | TAB, if tab_first { special | TAB } else { special }, key)
    }

    fn choose(self, plain: bool, not_in_line: u16, not_in_literal: u16, key: bool) -> Quote {
        if self.has(LINE_FEED) {
            let literal = !key && !self.has(TRAILING_SPACE | SPACE_BREAK | not_in_literal);
            return if literal { Quote::Literal } else { Quote::Double };
        }
        if !plain || self.has(not_in_line | BREAK_SPACE | SPACE_BREAK) || (key && self.has(BREAK)) {
            return Quote::Double;
        }
        if self.has(INDICATOR | BLANK_EDGE | BREAK) { Quote::Single } else { Quote::Plain }
    }
}

/// The line breaks of YAML 1.1.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether go-yaml v2 would read a plain text as something else than a string, or an older reader as a number to base 60.
fn reads_as_other(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(b'y' | b'Y' | b'n' | b'N' | b'o' | b'O' | b't' | b'T' | b'f' | b'F' | b'~') => {
            text.len() <= 5 && (BOOLEANS.contains(&text) || resolve(text) != Tag::Str)
        }
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            let octal_of_v3_only = || {
                let rest = text.trim_start_matches('-').replace('_', "");
                rest.starts_with("0o-") || rest.starts_with("0o+")
            };
            (resolve(text) != Tag::Str && !octal_of_v3_only()) || is_base_60(text)
        }
        Some(_) => false,
    }
}

/// `^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let whole = match text.split_once('.') {
        Some((_, part)) if !digits(part) => return false,
        Some((whole, _)) => whole,
        None => text,
    };
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let sixtieth = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    first.starts_with(|character: char| character.is_ascii_digit())
        && digits(first)
        && rest.peek().is_some()
        && rest.all(sixtieth)
}

/// Whether some other reader takes a plain text for a word, a number, a date or a sign of YAML 1.1: `tRUE`, too large a number for
/// Go, `0o-7`, a date with a zone behind a space, `=`.
fn looks_like_other(text: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan", "infinity"];
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'a'..=b'z' | b'A'..=b'Z') => text.len() <= 8 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)),
        Some(b'=') => text == "=",
        Some(b'<') => text == "<<",
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            let unsigned = text.trim_start_matches(['+', '-']);
            let based = ["0x", "0X", "0o", "0O", "0b", "0B"].iter().any(|prefix| {
                let rest = unsigned.strip_prefix(prefix);
                rest.is_some_and(|rest| {
                    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_')
                })
            });
            let amount = |byte: u8| {
                byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b',' | b':' | b'e' | b'E' | b'+' | b'-')
            };
            let numeric = unsigned.starts_with(|character: char| character.is_ascii_digit() || character == '.')
                && unsigned.bytes().any(|byte| byte.is_ascii_digit())
                && unsigned.bytes().all(amount)
                && unsigned.bytes().filter(|byte| *byte == b'.').count() < 2
                && !unsigned.contains("..");
            let date = bytes.len() > 7
                && bytes[..4].iter().all(u8::is_ascii_digit)
                && bytes[4] == b'-'
                && bytes[5].is_ascii_digit();
            let word =
                unsigned.strip_prefix('.').is_some_and(|rest| WORDS.iter().any(|word| word.eq_ignore_ascii_case(rest)));
            based || numeric || date || word || number(text).is_some() || timestamp(text).is_some()
        }
        _ => false,
    }
}
