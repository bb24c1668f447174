//! Slips of which YAML makes something else than was meant, so that an error shows behind them.

use super::ReadError;
use super::scan::span;

/// What git begins lines with where two sides have changed the same ones.
const CONFLICT: [&str; 4] = ["<<<<<<< ", "||||||| ", "=======", ">>>>>>> "];

/// The error, or what has led to it: lines that git has left in the text.
pub(super) fn or_conflict(error: ReadError, text: &str) -> ReadError {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        // The line between the sides is nothing but its signs.
        if CONFLICT.iter().any(|mark| line.starts_with(mark) && (mark.ends_with(' ') || *mark == content)) {
            let error =
                ReadError::new("git has left both sides of a conflict here", span(start, start + content.len()));
            let help =
                "keep what is to stay of both sides, and take the lines with `<<<<<<<`, `=======` and `>>>>>>>` out";
            return error.help(help);
        }
        start += line.len();
    }
    error
}

/// A dash or a colon without the space that makes an entry or a key of what stands around it. `at` is where the line is.
pub(super) fn no_space(line: &str, at: usize) -> Option<ReadError> {
    let content = line.trim_start();
    let place = |content: &str| span(at + line.len() - content.len(), at + line.trim_end().len());
    if let Some(entry) =
        content.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '.'))
    {
        let error = ReadError::new("a dash without a space behind it begins no entry of a list", place(content));
        return Some(error.help(format!("write `- {}`", entry.trim_end())));
    }
    let content = content.trim_start_matches("- ");
    let (key, value) = content.trim_end().split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'));
    let is_value = !value.is_empty() && !value.starts_with(['/', ' ', '\t', ':']);
    (is_key && is_value).then(|| {
        let error = ReadError::new("a colon without a space behind it ends no key", place(content));
        error.help(format!("write `{key}: {value}`"))
    })
}

/// The same for the last line with content of a text.
pub(super) fn no_space_at_end(text: &str) -> Option<ReadError> {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        end -= line.len();
        if !line.trim().is_empty() {
            return no_space(line, end);
        }
    }
    None
}
