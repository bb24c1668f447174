//! What becomes of a text on its way through JSON, which kustomize writes with Go and reads as YAML.

use std::borrow::Cow;

/// The line break that JSON holds as it is, and YAML then folds.
const NEXT_LINE: char = '\u{85}';
/// go-yaml finds the end of a key only so far behind its start.
const LONGEST_KEY: usize = 1024;
/// How long a character can get: `\u003c` for `<`.
const LONGEST_ESCAPE: usize = 6;

/// What cannot be printed, and why.
pub(super) const CONTROL: &str =
    "kustomize prints no U+007F to U+009F, U+FFFE or U+FFFF: take the character out, or keep the text in `binaryData`";

/// A text with characters that go-yaml does not read in JSON, or reads as a line break.
pub(super) fn text(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if text.contains(is_refused) {
        return Err(CONTROL);
    }
    if !text.contains(NEXT_LINE) {
        return Ok(Cow::Borrowed(text));
    }
    let mut folded = String::with_capacity(text.len());
    let mut parts = text.split(NEXT_LINE);
    folded.push_str(parts.next().unwrap_or_default().trim_end_matches(' '));
    let mut parts = parts.map(|part| part.trim_start_matches(' ')).peekable();
    let mut breaks = 0;
    while let Some(part) = parts.next() {
        breaks += 1;
        let is_last = parts.peek().is_none();
        if part.is_empty() && !is_last {
            continue;
        }
        folded.extend(std::iter::repeat_n(
            if breaks == 1 { ' ' } else { '\n' },
            if breaks == 1 { 1 } else { breaks - 1 },
        ));
        folded.push_str(if is_last { part } else { part.trim_end_matches(' ') });
        breaks = 0;
    }
    Ok(Cow::Owned(folded))
}

/// Whether a key with such characters is one in JSON as go-yaml reads it.
pub(super) fn key(key: &str) -> Result<(), &'static str> {
    if key.contains(is_refused) {
        return Err(CONTROL);
    }
    if key.contains(NEXT_LINE) {
        return Err("kustomize prints no key with a line break: use another one");
    }
    Ok(())
}

/// Whether the key is short enough.
pub(super) fn key_length(key: &str) -> Result<(), &'static str> {
    let is_short = key.len() * LONGEST_ESCAPE < LONGEST_KEY - 2;
    if is_short || key.chars().map(written).sum::<usize>() + 2 <= LONGEST_KEY {
        return Ok(());
    }
    Err("kustomize prints no key of more than 1,022 characters: use a shorter one")
}

fn is_refused(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') && character != NEXT_LINE
}

/// How many characters Go's JSON writes for one.
fn written(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..=' ' if character != ' ' => LONGEST_ESCAPE,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    /// What kustomize v5.6.0 prints for each in double quotes.
    #[test]
    fn a_next_line_is_folded() {
        for (written, expected) in [
            ("x\u{85}y", "x y"),
            ("x \u{85} y", "x y"),
            ("\u{85}", " "),
            ("\u{85}  ", " "),
            ("\u{85}\u{85}", "\n"),
            ("x\n\u{85}y", "x\n y"),
            ("x \u{85} \u{85} y", "x\ny"),
            ("\t\u{85}\ty", "\t \ty"),
            ("x\u{85}\u{85}\u{2028}y", "x\n\u{2028}y"),
            ("x\u{85}\u{2028}\u{85}y", "x \u{2028} y"),
            ("x\u{2028}\u{85} y", "x\u{2028} y"),
            ("\u{85}#", " #"),
        ] {
            assert_eq!(text(written).unwrap(), expected, "{written:?}");
        }
    }
}
