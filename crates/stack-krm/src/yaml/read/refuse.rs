use stack_source::Span;

use super::scan::{Cursor, Placed, Token, span};
use super::{Limits, ReadError, slip};

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
pub(super) fn control_characters(text: &str, mut from: usize) -> Result<(), ReadError> {
    let suspect =
        |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef);
    let bytes = text.as_bytes();
    while let Some(found) = bytes.get(from..).unwrap_or_default().iter().position(|byte| suspect(*byte)) {
        let at = from + found;
        let character = text[at..].chars().next().unwrap_or_default();
        if (character.is_control() && character != '\u{85}') || matches!(character, '\u{fffe}' | '\u{ffff}') {
            let code = u32::from(character);
            let error = ReadError::new(
                format!("the control character U+{code:04X} cannot stand in YAML"),
                span(at, at + character.len_utf8()),
            );
            return Err(error.help(format!("take it out, or write it as `\\u{code:04x}` in double quotes")));
        }
        from = at + character.len_utf8();
    }
    Ok(())
}

/// A single-quoted or double-quoted scalar without its end.
pub(super) fn open_quotes(at: Span) -> ReadError {
    ReadError::new("the quotes are never closed", at).help("close them where the text ends")
}

pub(super) fn escape(written: &str, at: Span) -> ReadError {
    let error = ReadError::new(format!("`{written}` is no escape"), at);
    error.help("write a backslash as `\\\\`, or put the text in single quotes")
}

pub(super) fn tab(at: Span) -> ReadError {
    ReadError::new("a tab cannot indent", at).help("use spaces")
}

/// No token starts so.
pub(super) fn start(byte: u8, at: Span) -> ReadError {
    if byte == b'\t' {
        return tab(at);
    }
    ReadError::new(format!("a text cannot start with `{}`", char::from(byte)), at).help("put it in quotes")
}

pub(super) fn block_header(at: Span) -> ReadError {
    let error = ReadError::new("`|` and `>` take a digit and `-` or `+`, and the text begins in the next line", at);
    error.help("start a new line, or put the text in quotes")
}

pub(super) fn anchor(is_alias: bool, at: Span) -> ReadError {
    let name = if is_alias { "alias" } else { "anchor" };
    let error = ReadError::new(format!("the name of an {name} has letters, digits, `-` and `_` only"), at);
    error.help("put it in quotes if it is a text")
}

pub(super) fn alias(name: &str, at: Span) -> ReadError {
    let message = format!("no anchor before it in this document is named as the alias `*{name}`");
    ReadError::new(message, at).help(format!("write `&{name}` before what it stands for, or put the text in quotes"))
}

pub(super) fn tag(at: Span) -> ReadError {
    ReadError::new("this is no tag", at).help("put it in quotes if it is a text")
}

pub(super) fn version(at: Span) -> ReadError {
    ReadError::new("kustomize takes no `%YAML` directive but `%YAML 1.1`", at).help("remove the line")
}

pub(super) fn directive(at: Span) -> ReadError {
    ReadError::new("this is no directive of YAML, or one too many", at).help("remove the line")
}

pub(super) fn no_document(at: Span) -> ReadError {
    let error = ReadError::new("no document follows the directives in the same part of the file", at);
    error.help("take the directives out: kustomize divides a file at `---`, and they mean nothing to it")
}

/// A second node beside the only one that a document has.
pub(super) fn second_root(at: Span) -> ReadError {
    let error = ReadError::new("the document has ended before this line", at);
    error.help("indent the line as those that it belongs to, or write `---` before it")
}

/// `- ` in the line of a key.
pub(super) fn entry(cursor: &Cursor<'_>) -> ReadError {
    let error = ReadError::new("a list cannot begin in the line of its key", cursor.here());
    error.help("start a new line before `- `, or put the text in quotes")
}

/// `: ` where no key can be.
pub(super) fn value(cursor: &Cursor<'_>) -> ReadError {
    let line = cursor.from(cursor.line());
    if line.contains(": ") {
        let error = ReadError::new("a second `: ` in one line", cursor.here());
        return error.help("put the text in quotes, or start a new line");
    }
    if let Some(error) = slip::no_space_at_end(cursor.before_line()) {
        return error;
    }
    let error = ReadError::new("a key is indented as if it belonged to the value above", cursor.here());
    error.help("indent it as the keys beside it; a key above that has keys of its own has no value in its line")
}

/// A line that should have been a key.
pub(super) fn no_key(cursor: &Cursor<'_>, at: usize) -> ReadError {
    let line = cursor.line_of(at);
    if let Some(error) = slip::no_space(line.1, at) {
        return error;
    }
    let error = ReadError::new(format!("expected `: ` and a value behind `{}`", line.1), line.0);
    error.help("add them, or indent the line deeper if it goes on with the text above")
}

/// Something that is no node, where a node must be.
pub(super) fn content(next: &Placed<'_>) -> ReadError {
    let error = ReadError::new(format!("expected a value, found {}", found(&next.token)), next.span);
    error.help("put a text that begins so in quotes")
}

pub(super) fn list(next: &Placed<'_>) -> ReadError {
    let error = ReadError::new("a list ends before this line, or goes on otherwise", next.span);
    error.help("start each item with `- ` in the same column; a map has no `- `")
}

pub(super) fn map(next: &Placed<'_>) -> ReadError {
    if matches!(next.token, Token::BlockMapping | Token::BlockSequence) {
        let error = ReadError::new("the indentation fits no line above", next.span);
        return error.help("indent it as the line that it belongs to");
    }
    let error = ReadError::new("a map ends before this line, or goes on otherwise", next.span);
    error.help("indent the line as those beside it, and put a text with `: ` or quotes in it in quotes")
}

/// Brackets that nothing closes.
pub(super) fn unclosed(close: u8, at: Span) -> ReadError {
    let open = if close == b']' { '[' } else { '{' };
    let error = ReadError::new(format!("`{open}` is never closed"), at);
    error.help(format!("add `{}` after its last item", char::from(close)))
}

/// Brackets that go on without a comma.
pub(super) fn no_comma(next: &Placed<'_>, close: u8) -> ReadError {
    let message = format!("expected `,` or `{}`, found {}", char::from(close), found(&next.token));
    ReadError::new(message, next.span).help("put a text with `?`, `: `, `,` or brackets in it in quotes")
}

fn found(token: &Token<'_>) -> String {
    match token {
        Token::End => "the end".to_owned(),
        Token::Open(bracket) | Token::Close(bracket) => format!("`{}`", char::from(*bracket)),
        Token::BlockEntry | Token::BlockSequence => "`-`".to_owned(),
        Token::FlowEntry => "`,`".to_owned(),
        Token::Key | Token::BlockMapping => "a key".to_owned(),
        Token::Value => "`:`".to_owned(),
        Token::Alias(name) => format!("`*{name}`"),
        Token::Anchor(name) => format!("`&{name}`"),
        Token::Tag { .. } => "a tag".to_owned(),
        Token::Scalar { .. } => "a text".to_owned(),
        Token::BlockEnd => "a line that is indented less".to_owned(),
        Token::Version { .. } | Token::TagDirective { .. } => "a directive".to_owned(),
        Token::DocumentStart => "`---`".to_owned(),
        Token::DocumentEnd => "`...`".to_owned(),
    }
}
