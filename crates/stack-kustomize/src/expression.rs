//! Regular expressions as Go reads them: names of images, selectors and conditions are such to kustomize.
//!
//! Rust's are nearly the same. What differs is written here in another way: braces that are no repetition, as those of
//! `${REGISTRY}`, which stand for themselves; `\Q…\E`; classes, which have no operators; and `\d`, `\s`, `\w` and `\b`, which know
//! nothing but ASCII.

use regex::Regex;

/// An expression, where the text is one.
pub(crate) fn expression(text: &str) -> Result<Regex, regex::Error> {
    Regex::new(&in_rust(text))
}

/// What a letter behind a backslash stands for, where it is something else or more in Rust.
static ESCAPES: [(char, &str); 8] = [
    ('d', "[0-9]"),
    ('D', "[^0-9]"),
    ('s', r"[\t\n\f\r ]"),
    ('S', r"[^\t\n\f\r ]"),
    ('w', "[0-9A-Za-z_]"),
    ('W', "[^0-9A-Za-z_]"),
    ('<', "<"),
    ('>', ">"),
];

fn in_rust(go: &str) -> String {
    let mut rust = String::with_capacity(go.len());
    let ends = Ends::of(go);
    let mut rest = go;
    while let Some((char, behind)) = next(rest) {
        rest = match (char, next(behind)) {
            ('\\', Some(('Q', literal))) => {
                let (literal, rest) = literal.split_once(r"\E").unwrap_or((literal, ""));
                rust.push_str(&regex::escape(literal));
                rest
            }
            ('\\', Some((letter @ ('b' | 'B'), rest))) => {
                rust.push_str(r"(?-u:\");
                rust.extend([letter, ')']);
                rest
            }
            ('\\', _) => escape(behind, &ends, &mut rust),
            ('[', _) => class(behind, &ends, &mut rust),
            ('{', _) if !is_repetition(behind) => {
                rust.push_str(r"\{");
                behind
            }
            _ => {
                rust.push(char);
                behind
            }
        };
    }
    rust
}

fn next(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|char| (char, chars.as_str()))
}

/// Whether a brace begins `{1}`, `{1,}` or `{1,2}`, by what stands behind it.
fn is_repetition(behind: &str) -> bool {
    let rest = behind_digits(behind);
    rest.len() < behind.len() && rest.strip_prefix(',').map_or(rest, behind_digits).starts_with('}')
}

fn behind_digits(text: &str) -> &str {
    text.trim_start_matches(|char: char| char.is_ascii_digit())
}

/// Where what may close something stands for the last time, by how much of the text begins there: behind it nobody needs to look.
struct Ends {
    brace: Option<usize>,
    class: Option<usize>,
}

impl Ends {
    const CLASS: &str = ":]";

    fn of(text: &str) -> Self {
        let behind = |place: usize| text.len() - place;
        Self { brace: text.rfind('}').map(behind), class: text.rfind(Self::CLASS).map(behind) }
    }

    /// What an argument takes of a text that begins with its brace, to its end.
    fn argument(&self, text: &str) -> usize {
        if self.brace.is_some_and(|end| end <= text.len()) { text.find('}').map_or(0, |end| end + 1) } else { 0 }
    }

    /// The name of a class and what follows it, of a text that begins behind its bracket.
    fn class<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let name = text.strip_prefix(':').filter(|name| self.class.is_some_and(|end| end <= name.len()))?;
        name.split_once(Self::CLASS)
    }
}

/// Takes over what stands behind a backslash, and gives what follows.
fn escape<'t>(behind: &'t str, ends: &Ends, rust: &mut String) -> &'t str {
    let Some((letter, rest)) = next(behind) else {
        rust.push('\\');
        return "";
    };
    if let Some((_, meant)) = ESCAPES.iter().find(|(known, _)| *known == letter) {
        rust.push_str(meant);
        return rest;
    }
    // The braces of `\p{Greek}` and `\x{10FFFF}` are none of their own.
    let has_argument = matches!(letter, 'p' | 'P' | 'x') && rest.starts_with('{');
    let end = if has_argument { ends.argument(rest) } else { 0 };
    let (argument, rest) = rest.split_at(end);
    rust.extend(['\\', letter]);
    rust.push_str(argument);
    rest
}

/// Takes over a class behind its bracket, and gives what follows it.
fn class<'t>(behind: &'t str, ends: &Ends, rust: &mut String) -> &'t str {
    let (mut rest, mut last) = (behind, None);
    rust.push('[');
    for first in ['^', ']'] {
        if let Some(behind) = rest.strip_prefix(first) {
            rust.push(first);
            rest = behind;
        }
    }
    while let Some((char, behind)) = next(rest) {
        let name = if char == '[' { ends.class(behind) } else { None };
        rest = match (char, name) {
            (']', _) => {
                rust.push(char);
                return behind;
            }
            ('\\', _) => escape(behind, ends, rust),
            (_, Some((name, behind))) => {
                rust.extend(["[:", name, ":]"]);
                behind
            }
            _ => {
                if char == '[' || matches!(char, '&' | '~' | '-') && last == Some(char) {
                    rust.push('\\');
                }
                rust.push(char);
                behind
            }
        };
        last = Some(char);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::{expression, in_rust};

    #[test]
    fn what_go_reads_otherwise_is_written_otherwise() {
        let table = [
            ("", ""),
            ("^app(:[a-z]*)?$", "^app(:[a-z]*)?$"),
            ("${REGISTRY}/app", r"$\{REGISTRY}/app"),
            ("a{2}b{2,}c{2,3}", "a{2}b{2,}c{2,3}"),
            ("a{b}c{,3}d{", r"a\{b}c\{,3}d\{"),
            (r"\{a}\p{Greek}\x{41}{b}", r"\{a}\p{Greek}\x{41}\{b}"),
            (r"a\Q.b{\E.", r"a\.b\{."),
            (r"\Q.", r"\."),
            (r"\d[\d]\<a\>\.", r"[0-9][[0-9]]<a>\."),
            (r"\bé", r"(?-u:\b)é"),
            ("[]a][^]b][[:alpha:]-][[a]", r"[]a][^]b][[:alpha:]-][\[a]"),
            ("[a&&b~~][+--]", r"[a&\&b~\~][+-\-]"),
            ("[{}]{", r"[{}]\{"),
            (r"\p{\p{a}\p{[[:[:a:][:", r"\p{\p{a}\p\{[[:[:a:]\[:"),
            (r"a\", r"a\"),
            ("[a", "[a"),
        ];
        for (go, rust) in table {
            assert_eq!(in_rust(go), rust);
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["(", "[a", "*", r"a\", "a{3,2}", "{2}", r"\_é\é"] {
            expression(text).unwrap_err();
        }
    }
}
