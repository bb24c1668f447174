use granit_parser::{ErrorKind, ScanError};
use stack_source::Span;

use super::{Limits, ReadError};

pub(super) fn size(text: &str, limits: &Limits) -> Result<(), ReadError> {
    let most = limits.text.min(u32::MAX as usize);
    if text.len() <= most {
        return Ok(());
    }
    let message = format!("the text has {} bytes, more than the {most} that are allowed", text.len());
    Err(ReadError { message, span: Span::default() })
}

pub(super) fn depth(depth: usize, span: Span) -> ReadError {
    ReadError { message: format!("lists and maps nest deeper than {depth} levels"), span }
}

/// go-yaml refuses them everywhere, comments included.
pub(super) fn control_characters(text: &str) -> Result<(), ReadError> {
    let suspect =
        |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef);
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| suspect(*byte)) {
        let at = from + found;
        let character = text[at..].chars().next().unwrap_or_default();
        if (character.is_control() && character != '\u{85}') || matches!(character, '\u{fffe}' | '\u{ffff}') {
            let message = format!(
                "the control character U+{:04X} cannot stand in YAML; write it as an escape in double quotes",
                u32::from(character)
            );
            return Err(ReadError { message, span: range(at, character.len_utf8()) });
        }
        from = at + character.len_utf8();
    }
    Ok(())
}

/// The parser's words, and better ones where it has few.
pub(super) fn syntax(error: &ScanError, text: &str, limits: &Limits) -> ReadError {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let span = range(at, length);
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return depth(limits.depth, span),
        ErrorKind::UnknownAnchor => {
            let alias = rest.split([',', ']', '}']).next().and_then(|rest| rest.split_whitespace().next());
            let alias = alias.unwrap_or("*");
            let message = format!("no anchor before it in this document is named as the alias `{alias}`");
            return ReadError { message, span: range(at, alias.len()) };
        }
        ErrorKind::UnclosedFlowCollection { open } => format!("`{open}` is never closed"),
        ErrorKind::UnclosedQuotedScalar => "the quotes are never closed".into(),
        ErrorKind::InvalidQuotedScalarIndent => {
            "the quotes are not closed, or a line inside them is indented less than its key".into()
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation => {
            "a tab cannot indent: use spaces".into()
        }
        ErrorKind::UnexpectedCharacter { character: character @ ('@' | '`') } => {
            format!("a text cannot start with `{character}`: put it in quotes")
        }
        ErrorKind::UnexpectedCharacter { character: '%' } => "a text cannot start with `%`: put it in quotes".into(),
        ErrorKind::InvalidIndentation => "the indentation fits no line above".into(),
        _ => match error.info().as_str() {
            "mapping values are not allowed in this context" => {
                "a second `: ` in one line: put the text in quotes, or start a new line".into()
            }
            words => {
                words.strip_prefix("while ").map_or_else(|| words.to_owned(), |words| format!("error while {words}"))
            }
        },
    };
    ReadError { message, span }
}

fn range(start: usize, length: usize) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(start + length))
}
