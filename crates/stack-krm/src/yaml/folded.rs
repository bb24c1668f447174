//! What becomes of a text that an author folds (`>`).
//!
//! Kustomize prints an object with go-yaml v3 and reads that again before it goes through JSON. go-yaml v3 doubles a line break in
//! front of an indented line, so the text that comes out is not always the one that went in.

use std::borrow::Cow;

use super::{Limits, read};

/// The text after kustomize has printed it folded and read it again.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if !["\n\n", "\n ", "\n\t"].iter().any(|pair| text.contains(pair)) {
        return Cow::Borrowed(text);
    }
    // A space before a break and what go-yaml cannot print go into double quotes, which keep them.
    let is_printable = |char: char| match char {
        '\n' | '\t' => true,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        char => !char.is_control() && char < '\u{10000}',
    };
    if text.contains(" \n") || text.ends_with(' ') || !text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    read_again(&written(text), text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The lines that go-yaml v3 writes, without their indentation.
fn written(text: &str) -> String {
    let content = text.trim_start_matches('\n');
    // It means to look at what follows the break, and looks at the start of the text.
    let doubles = !content.is_empty() && !content.starts_with([' ', '\t']);
    let mut out = String::with_capacity(text.len() * 2);
    let (mut at_break, mut is_indented) = (true, true);
    for char in text.chars() {
        if char == '\n' {
            if !at_break && !is_indented && doubles {
                out.push('\n');
            }
            at_break = true;
        } else {
            if at_break {
                is_indented = matches!(char, ' ' | '\t');
            }
            at_break = false;
        }
        out.push(char);
    }
    out
}

/// What becomes of the lines in a block scalar that ends as the text does.
fn read_again(lines: &str, text: &str) -> Option<String> {
    let keep = match text.strip_suffix('\n') {
        None => "-",
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => "+",
        Some(_) => "",
    };
    let mut block = format!(">2{keep}\n");
    for line in lines.split_inclusive('\n') {
        if line != "\n" {
            block.push_str("  ");
        }
        block.push_str(line);
    }
    let document = read(&block, &Limits::default()).ok()?.pop()?;
    document.root.as_scalar().map(|scalar| scalar.text.to_string())
}

#[cfg(test)]
mod tests {
    use super::folded;

    /// What kustomize v5.6.0 prints for each, written with `>`.
    #[test]
    fn breaks_before_indented_lines_are_doubled() {
        for (text, expected) in [
            ("one two\n", "one two\n"),
            ("one\ntwo\n", "one\ntwo\n"),
            ("one\n\ntwo\n", "one\n\ntwo\n"),
            ("one\n\n  deep", "one\n\n\n  deep"),
            ("one\n  deep\ntwo", "one\n\n  deep\ntwo"),
            ("one\n\n", "one\n\n\n"),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }
}
