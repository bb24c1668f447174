//! Regular expressions as Go reads them: names of images, selectors and conditions are such to kustomize.
//!
//! Rust's are nearly the same. What differs is written here in another way: braces that are no repetition, as those of
//! `${REGISTRY}`, which stand for themselves; `\Q…\E`; classes, which have no operators; and `\d`, `\s`, `\w` and `\b`, which know
//! nothing but ASCII. What Go refuses is refused.

use regex::{Error, Regex};

use self::repetition::Repetitions;

mod repetition;

/// An expression, where the text is one.
pub(crate) fn expression(text: &str) -> Result<Regex, Error> {
    Regex::new(&in_rust(text)?)
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

fn in_rust(go: &str) -> Result<String, Error> {
    let mut rust = String::with_capacity(go.len());
    let ends = Ends::of(go);
    let mut repetitions = Repetitions::new();
    let mut rest = go;
    while let Some((char, behind)) = next(rest) {
        let counted = if char == '{' { repetition(behind) } else { None };
        rest = match (char, counted) {
            ('*' | '+' | '?', _) => {
                repetitions.operator()?;
                rust.push(char);
                lazy(behind, &mut rust)
            }
            ('(', _) => {
                repetitions.open();
                rust.push(char);
                // What a bracket has behind it is no repetition.
                lazy(behind, &mut rust)
            }
            (')', _) => {
                repetitions.close();
                rust.push(char);
                behind
            }
            (_, Some((range, behind))) => {
                repetitions.counted(range)?;
                rust.extend(["{", range, "}"]);
                lazy(behind, &mut rust)
            }
            (_, None) => {
                repetitions.atom();
                atom((char, next(behind)), behind, &ends, &mut rust)
            }
        };
    }
    Ok(rust)
}

/// Takes over a question mark, where one follows, and gives what stands behind it.
fn lazy<'t>(behind: &'t str, rust: &mut String) -> &'t str {
    let Some(rest) = behind.strip_prefix('?') else { return behind };
    rust.push('?');
    rest
}

/// Takes over what stands for itself, and gives what follows it.
fn atom<'t>((char, next): (char, Option<(char, &'t str)>), behind: &'t str, ends: &Ends, rust: &mut String) -> &'t str {
    match (char, next) {
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
        ('\\', _) => escape(behind, ends, rust),
        ('[', _) => class(behind, ends, rust),
        ('{', _) => {
            rust.push_str(r"\{");
            behind
        }
        _ => {
            rust.push(char);
            behind
        }
    }
}

fn next(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|char| (char, chars.as_str()))
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

/// What stands between the braces of `{1}`, `{1,}` or `{1,2}`, and what follows them, by what stands behind the first.
fn repetition(behind: &str) -> Option<(&str, &str)> {
    let least = behind_number(behind).filter(|rest| rest.len() < behind.len())?;
    let rest = least.strip_prefix(',').map_or(Some(least), behind_number)?;
    let range = &behind[..behind.len() - rest.len()];
    rest.strip_prefix('}').map(|rest| (range, rest))
}

/// What follows a number, or no number; nothing where it has a zero too many.
fn behind_number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|char: char| char.is_ascii_digit());
    let length = text.len() - rest.len();
    (length < 2 || !text.starts_with('0')).then_some(rest)
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
            ("(?i:a{02})?b??c{2}?", r"(?i:a\{02})?b??c{2}?"),
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
            assert_eq!(in_rust(go).unwrap(), rust);
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["(", "[a", "*", r"a\", "a{3,2}", "{2}", r"\_é\é"] {
            expression(text).unwrap_err();
        }
    }

    #[test]
    fn what_is_repeated_too_often_for_go_is_refused() {
        for text in
            ["a**", "a*+", "a?+", "a??*", "a{2}{3}", "a{2}*", "^**", "(a)*{2}", "a{1001}", "a{0,1001}", "[a]{1001,}"]
        {
            expression(text).unwrap_err();
        }
        for text in
            ["(a{100}){11}", "((a{10}){10}){11}", "(a{2}|b{501}){2}", "((a{501})?){2}", "(a*){1001}", "(a{2,}b){501}"]
        {
            expression(text).unwrap_err();
        }
        for text in
            ["a{1000}", "(a{100}){10}", "(a{2}b{500}){2}", "(a{1000})*", "(a*)*", "(a{501}){0}", "(a{500}(b{2})){2}"]
        {
            expression(text).unwrap();
        }
        for text in ["a{500}b{500}", r"a\{1001}", "[a{1001}]", "a{00001001}", "a|b{2}|(c{5}){200}", r"\(?", "(?:a)?"] {
            expression(text).unwrap();
        }
    }
}
