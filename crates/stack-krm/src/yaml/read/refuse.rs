use granit_parser::{ErrorKind, ScanError};
use stack_source::Span;

use super::{Limits, ReadError};

pub(super) fn size(text: &str, limits: &Limits) -> Result<(), ReadError> {
    let most = limits.text.min(u32::MAX as usize);
    if text.len() <= most {
        return Ok(());
    }
    let message = format!("the text has {} bytes, more than the {most} that are allowed", text.len());
    Err(ReadError::new(message, Span::default()).help("divide it into several files"))
}

pub(super) fn depth(depth: usize, span: Span) -> ReadError {
    ReadError::new(format!("lists and maps nest deeper than {depth} levels"), span)
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
            let code = u32::from(character);
            let error = ReadError::new(
                format!("the control character U+{code:04X} cannot stand in YAML"),
                range(at, character.len_utf8()),
            );
            return Err(error.help(format!("take it out, or write it as `\\u{code:04x}` in double quotes")));
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
    let (message, help) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return depth(limits.depth, span),
        ErrorKind::UnknownAnchor => {
            let alias = rest.split([',', ']', '}']).next().and_then(|rest| rest.split_whitespace().next());
            let alias = alias.unwrap_or("*");
            let message = format!("no anchor before it in this document is named as the alias `{alias}`");
            let help = format!(
                "write `&{}` before what it stands for, or put the text in quotes",
                alias.trim_start_matches('*')
            );
            return ReadError::new(message, range(at, alias.len())).help(help);
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            (format!("`{open}` is never closed"), Some(format!("add `{close}` after its last item")))
        }
        ErrorKind::UnclosedQuotedScalar => quotes("the quotes are never closed"),
        ErrorKind::InvalidQuotedScalarIndent => {
            quotes("the quotes are not closed, or a line inside them is indented less than its key")
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation => {
            ("a tab cannot indent".to_owned(), Some("use spaces".to_owned()))
        }
        ErrorKind::UnexpectedCharacter { character: character @ ('@' | '`' | '%') } => {
            (format!("a text cannot start with `{character}`"), Some("put it in quotes".to_owned()))
        }
        ErrorKind::InvalidIndentation => {
            let help = "indent it as the line that it belongs to";
            ("the indentation fits no line above".to_owned(), Some(help.to_owned()))
        }
        _ => match error.info().as_str() {
            "mapping values are not allowed in this context" if is_first_of_its_line(text, at) => {
                let help =
                    "indent it as the keys beside it; a key above that has keys of its own has no value in its line";
                ("a key is indented as if it belonged to the value above".to_owned(), Some(help.to_owned()))
            }
            "mapping values are not allowed in this context" => {
                let help = "put the text in quotes, or start a new line";
                ("a second `: ` in one line".to_owned(), Some(help.to_owned()))
            }
            words if words.contains("found a tab") => {
                let tab = rest.find('\t').map_or(span, |tab| range(at + tab, 1));
                return ReadError::new("a tab cannot indent".to_owned(), tab).help("use spaces");
            }
            words if words.contains("did not find expected key") => {
                let help = "indent the line as those beside it, and put a text with `: ` or quotes in it in quotes";
                ("a map ends before this line, or goes on otherwise".to_owned(), Some(help.to_owned()))
            }
            words if words.contains("did not find expected '-' indicator") => {
                let help = "start each item with `- ` in the same column; a map has no `- `";
                ("a list ends before this line, or goes on otherwise".to_owned(), Some(help.to_owned()))
            }
            words => {
                let said = words.strip_prefix("while ");
                (said.map_or_else(|| words.to_owned(), |words| format!("error while {words}")), None)
            }
        },
    };
    ReadError { message, help, span }
}

/// Whether there is no `: ` before this one in its line.
fn is_first_of_its_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
    !line.contains(": ")
}

fn quotes(message: &str) -> (String, Option<String>) {
    (message.to_owned(), Some("close them where the text ends".to_owned()))
}

fn range(start: usize, length: usize) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(start + length))
}
