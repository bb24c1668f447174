//! Texts that kustomize takes for JSON, by the character that they begin with. They are read as YAML here, which is all but the same.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, IgnoredAny};
use stack_krm::yaml::ReadError;
use stack_source::Span;

/// Where a text is no JSON.
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) is_too_deep: bool,
}

/// The first thing in a text that is no JSON, or none of the type.
pub(crate) fn fault<T: DeserializeOwned>(text: &str) -> Option<Fault> {
    let error = serde_json::from_str::<T>(text).err()?;
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let start = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let is_too_deep = error.to_string().starts_with("recursion limit");
    Some(Fault { span: Span::new(start, start), is_too_deep })
}

/// A file of definitions, to be read as YAML; an error where it begins as JSON does and is none.
pub(crate) fn definitions(text: &str) -> Result<Cow<'_, str>, ReadError> {
    let text = without_escapes(text, '{');
    let fault = if text.starts_with('{') { fault::<IgnoredAny>(&text) } else { None };
    match fault {
        None => Ok(text),
        Some(fault) => Err(ReadError {
            message: "a file that begins with `{` must be JSON, and this is not".to_owned(),
            help: Some("put its keys and texts in double quotes, without a comma behind the last".to_owned()),
            span: fault.span,
        }),
    }
}

/// A text that begins with `open`, with the escapes of JSON that YAML has not as what they stand for: `\/`, and halves of characters.
/// Others stay as they are.
pub(crate) fn without_escapes(text: &str, open: char) -> Cow<'_, str> {
    /// An escape of `\u` and four digits.
    const UNIT: usize = 6;
    if !text.starts_with(open) || !["\\/", "\\ud", "\\uD"].iter().any(|escape| text.contains(escape)) {
        return Cow::Borrowed(text);
    }
    let unit = |escape: &str| u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        plain.push_str(&rest[..start]);
        let escape = &rest[start..];
        let half = unit(escape).filter(|half| (0xD800..=0xDFFF).contains(half));
        let length = match half {
            Some(half) => {
                let other = escape.get(UNIT..).and_then(unit);
                let char = char::decode_utf16([half].into_iter().chain(other)).next().and_then(Result::ok);
                plain.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
                if char.is_some() { 2 * UNIT } else { UNIT }
            }
            None if escape.starts_with("\\/") => {
                plain.push('/');
                2
            }
            None => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                plain.push_str(&escape[..length]);
                length
            }
        };
        rest = &escape[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::without_escapes;

    #[test]
    fn escapes_that_yaml_has_not_are_what_they_stand_for() {
        let check = |text: &str, expected: &str| assert_eq!(without_escapes(text, '['), expected, "{text}");
        check(r#"["\/"]"#, r#"["/"]"#);
        check(r#"["\\/"]"#, r#"["\\/"]"#);
        check(r#"["\ud83d\ude00\n"]"#, r#"["😀\n"]"#);
        check(r#"["\uD83D\u0041"]"#, "[\"\u{fffd}\\u0041\"]");
        check(r#"["\ude00"]"#, "[\"\u{fffd}\"]");
        check(r#"["\u00e9\/"]"#, r#"["\u00e9/"]"#);
        check(r#"{"a": "\/"}"#, r#"{"a": "\/"}"#);
    }
}
