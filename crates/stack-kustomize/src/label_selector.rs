//! Label selectors, as kubectl takes them: `app=web,tier in (a, b),!legacy`.

use std::collections::BTreeSet;

use stack_krm::{LabelKey, LabelValue};

use crate::item::Item;

/// What labels, or annotations, must say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    Exists,
    Absent,
    Above(i64),
    Below(i64),
}

impl LabelSelector {
    /// Reads a selector; the error says what is wrong.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let mut tokens = Tokens { rest: text };
        let mut requirements = Vec::new();
        if tokens.peek().is_empty() {
            return Ok(Self { requirements });
        }
        loop {
            requirements.push(requirement(&mut tokens)?);
            match tokens.next() {
                "" => return Ok(Self { requirements }),
                "," if tokens.peek().is_empty() => return Err(format!("`{text}` ends in a comma")),
                "," => {}
                other => return Err(format!("expected a comma before `{other}`")),
            }
        }
    }

    /// Whether the labels (or annotations) of an object say so.
    pub(crate) fn matches(&self, item: &Item, field: &str) -> bool {
        self.holds(|key| item.texts(field).find(|(known, _)| **known == key).map(|(_, value)| value.as_str()))
    }

    /// Whether the values of the keys say so.
    pub(crate) fn holds<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.test.holds(value(&requirement.key)))
    }
}

impl Test {
    fn holds(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::In(values) => value.is_some_and(|value| values.contains(value)),
            Self::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Self::Exists => value.is_some(),
            Self::Absent => value.is_none(),
            Self::Above(limit) => number().is_some_and(|number| number > *limit),
            Self::Below(limit) => number().is_some_and(|number| number < *limit),
        }
    }
}

/// Makes a test of the value behind an operator.
type Operator = fn(String) -> Option<Test>;

/// Operators with one value behind them.
const OPERATORS: [(&str, Operator); 5] = [
    ("==", |value| Some(Test::In(BTreeSet::from([value])))),
    ("!=", |value| Some(Test::NotIn(BTreeSet::from([value])))),
    ("=", |value| Some(Test::In(BTreeSet::from([value])))),
    (">", |value| value.parse().ok().map(Test::Above)),
    ("<", |value| value.parse().ok().map(Test::Below)),
];

/// The tokens that are no words, longer ones first.
const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", ">", "<", ",", "(", ")"];

/// The tokens of a selector: words and symbols, and an empty text at the end.
struct Tokens<'t> {
    rest: &'t str,
}

impl<'t> Tokens<'t> {
    fn split(&self) -> (&'t str, &'t str) {
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let rest = self.rest.trim_start_matches(is_blank);
        let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).map(|symbol| symbol.len());
        let word = || rest.find(|c: char| is_blank(c) || "=!(),><".contains(c)).unwrap_or(rest.len());
        rest.split_at(symbol.unwrap_or_else(word))
    }

    fn peek(&self) -> &'t str {
        self.split().0
    }

    fn next(&mut self) -> &'t str {
        let (token, rest) = self.split();
        self.rest = rest;
        token
    }

    /// The next token, where that is a word.
    fn word(&mut self) -> Option<&'t str> {
        let (token, rest) = self.split();
        (!token.is_empty() && !SYMBOLS.contains(&token)).then(|| {
            self.rest = rest;
            token
        })
    }
}

fn requirement(tokens: &mut Tokens<'_>) -> Result<Requirement, String> {
    let is_absent = tokens.peek() == "!";
    if is_absent {
        tokens.next();
    }
    let key = tokens.word().ok_or_else(|| format!("expected a key at `{}`", tokens.rest))?;
    LabelKey::new(key).map_err(|error| error.to_string())?;
    let made = |test| Ok(Requirement { key: key.to_owned(), test });
    if is_absent {
        return made(Test::Absent);
    }
    if matches!(tokens.peek(), "" | ",") {
        return made(Test::Exists);
    }
    let operator = tokens.next();
    if let Some((_, test)) = OPERATORS.iter().find(|(known, _)| *known == operator) {
        let value = match tokens.peek() {
            "" | "," => "",
            other => tokens.word().ok_or_else(|| format!("expected a value at `{other}`"))?,
        };
        return made(test(of_label(value)?).ok_or_else(|| format!("expected a number behind `{key}{operator}`"))?);
    }
    match operator {
        "in" => made(Test::In(set(tokens)?)),
        "notin" => made(Test::NotIn(set(tokens)?)),
        other => Err(format!("`{other}` is no operator: it may be `=`, `!=`, `in` or `notin`")),
    }
}

/// A value, of annotations too, must be one that a label may have.
fn of_label(value: &str) -> Result<String, String> {
    LabelValue::new(value).map(|value| value.as_str().to_owned()).map_err(|error| error.to_string())
}

/// Values in brackets. Beside a comma may be none, which is the empty one; behind a second comma must be one.
fn set(tokens: &mut Tokens<'_>) -> Result<BTreeSet<String>, String> {
    let open = tokens.next();
    if open != "(" {
        return Err(format!("expected `(` at `{open}`"));
    }
    let mut values = BTreeSet::new();
    if tokens.peek() == ")" {
        tokens.next();
        values.insert(String::new());
        return Ok(values);
    }
    loop {
        if let Some(value) = tokens.word() {
            values.insert(of_label(value)?);
        } else if tokens.peek() == "," {
            tokens.next();
            let next = tokens.peek();
            if values.is_empty() || matches!(next, "," | ")") {
                values.insert(String::new());
            }
            match next {
                ")" => {}
                "," => {
                    tokens.next();
                    continue;
                }
                _ => continue,
            }
        } else {
            return Err(format!("expected a value at `{}`", tokens.peek()));
        }
        match tokens.peek() {
            ")" => {
                tokens.next();
                return Ok(values);
            }
            "," => {}
            other => return Err(format!("expected a comma before `{other}`")),
        }
    }
}

#[cfg(test)]
mod tests;
