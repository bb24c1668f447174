//! Label selectors, as kubectl takes them: `app=web,tier in (a, b),!legacy`.

use std::collections::BTreeSet;

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
        let mut requirements = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (requirement, behind) = requirement(rest)?;
            requirements.push(requirement);
            rest = behind.trim_start();
            if let Some(next) = rest.strip_prefix(',') {
                rest = next.trim_start();
                if rest.is_empty() {
                    return Err(format!("`{text}` ends in a comma"));
                }
            } else if !rest.is_empty() {
                return Err(format!("expected a comma before `{rest}`"));
            }
        }
        Ok(Self { requirements })
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

/// Operators with one value behind them, longer ones first.
const OPERATORS: [(&str, Operator); 5] = [
    ("==", |value| Some(Test::In(BTreeSet::from([value])))),
    ("!=", |value| Some(Test::NotIn(BTreeSet::from([value])))),
    ("=", |value| Some(Test::In(BTreeSet::from([value])))),
    (">", |value| value.parse().ok().map(Test::Above)),
    ("<", |value| value.parse().ok().map(Test::Below)),
];

fn requirement(text: &str) -> Result<(Requirement, &str), String> {
    if let Some(rest) = text.strip_prefix('!') {
        let (key, rest) = word(rest.trim_start());
        return if key.is_empty() {
            Err("expected a key behind `!`".to_owned())
        } else {
            Ok((Requirement { key: key.to_owned(), test: Test::Absent }, rest))
        };
    }
    let (key, rest) = word(text);
    if key.is_empty() {
        return Err(format!("expected a key at `{text}`"));
    }
    let rest = rest.trim_start();
    let made = |test, rest| Ok((Requirement { key: key.to_owned(), test }, rest));
    for (operator, test) in OPERATORS {
        if let Some(behind) = rest.strip_prefix(operator) {
            let (value, behind) = word(behind.trim_start());
            return match test(value.to_owned()) {
                Some(holds) => made(holds, behind),
                None => Err(format!("expected a number behind `{key}{operator}`")),
            };
        }
    }
    let (operator, behind) = word(rest);
    match operator {
        "in" | "notin" => {
            let (values, behind) = set(behind.trim_start())?;
            made(if operator == "in" { Test::In(values) } else { Test::NotIn(values) }, behind)
        }
        "" => made(Test::Exists, rest),
        other => Err(format!("`{other}` is no operator: it may be `=`, `!=`, `in` or `notin`")),
    }
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c.is_whitespace() || ",()!=<>".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn set(text: &str) -> Result<(BTreeSet<String>, &str), String> {
    let inner = text.strip_prefix('(').ok_or_else(|| format!("expected `(` at `{text}`"))?;
    let (inner, rest) = inner.split_once(')').ok_or_else(|| format!("`{text}` has no `)`"))?;
    Ok((inner.split(',').map(|value| value.trim().to_owned()).collect(), rest))
}

#[cfg(test)]
mod tests;
