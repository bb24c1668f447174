//! Single values: each is read by its source text, so `tag: 1.10` is `1.10`.

use std::borrow::Cow;
use std::str::FromStr;

use indexmap::IndexMap;
use stack_krm::yaml::{Key, Node};
use stack_krm::{InvalidName, Quantity};
use stack_source::{Rule, Span, listed, proposal};

use super::{Reader, rule};
use crate::Template;
use crate::bounds::{LONGEST, MOST};

/// Units of time, in seconds.
const DURATIONS: [(&str, u32); 3] = [("s", 1), ("m", 60), ("h", 3600)];

/// Units that people write, and what Kubernetes calls them.
const MISSPELT_UNITS: [(&str, &str); 12] = [
    ("kb", "Ki"),
    ("kib", "Ki"),
    ("mb", "Mi"),
    ("mib", "Mi"),
    ("mi", "Mi"),
    ("gb", "Gi"),
    ("gib", "Gi"),
    ("gi", "Gi"),
    ("g", "Gi"),
    ("tb", "Ti"),
    ("tib", "Ti"),
    ("ti", "Ti"),
];

impl Reader<'_> {
    /// The text of a scalar as it was written; `wanted` says what it is, for a message.
    pub fn scalar<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<Cow<'n, str>> {
        match node.as_scalar() {
            Some(scalar) if !node.is_null() => {
                // What was given means what it says.
                let given = self.foreign(node.span).is_some();
                Some(if given { Cow::Borrowed(&*scalar.text) } else { self.with_given(&scalar.text) })
            }
            _ => {
                self.wrong_kind(node, wanted);
                None
            }
        }
    }

    /// A text.
    pub fn text(&mut self, node: &Node) -> Option<String> {
        self.scalar(node, "a text").map(Cow::into_owned)
    }

    /// A text in which `<…>` are references.
    pub fn template(&mut self, node: &Node) -> Option<Template> {
        self.scalar(node, "a text")?;
        let text = node.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
        // What was given is no template.
        if self.foreign(node.span).is_some() {
            return Some(Template::text(text).at(self.at(node.span)));
        }
        if let Some(name) = unclosed(text) {
            let help = format!("write `<{name}>`, or `<<{name}` for a plain `<`");
            self.fault(&rule::UNCLOSED_REFERENCE, node.span, format!("the reference `<{name}` is never closed"), help);
        }
        Some(self.filled(Template::parse(text)).at(self.at(node.span)))
    }

    /// A name of Kubernetes' syntax.
    pub fn name<T: FromStr<Err = InvalidName>>(&mut self, node: &Node) -> Option<T> {
        let text = &self.scalar(node, "a name")?;
        self.parsed(node.span, text)
    }

    /// A key that is a name of Kubernetes' syntax.
    pub fn key<T: FromStr<Err = InvalidName>>(&mut self, key: &Key) -> Option<T> {
        self.parsed(key.span, key.as_str())
    }

    fn parsed<T: FromStr<Err = InvalidName>>(&mut self, span: Span, text: &str) -> Option<T> {
        match text.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                let help = proposed_name::<T>(text);
                self.fault(&crate::rule::INVALID_NAME, span, InvalidName::to_string(&error), help);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, node: &Node) -> Option<bool> {
        let flag = node.as_bool();
        if flag.is_none() {
            self.wrong_kind(node, "`true` or `false`");
        }
        flag
    }

    /// A whole number that is not negative.
    pub fn count<T: TryFrom<u32>>(&mut self, node: &Node) -> Option<T> {
        let text = &self.scalar(node, "a number")?;
        let count = counted(text).and_then(|number| T::try_from(number).ok());
        if count.is_none() {
            let message = format!("`{text}` is no whole number, or too large a one");
            self.fault(&rule::INVALID_NUMBER, node.span, message, format!("write a whole number from 0 to {MOST}"));
        }
        count
    }

    /// A share: `70%`.
    pub fn percent(&mut self, node: &Node) -> Option<u32> {
        let text = &self.scalar(node, "a percentage, as `70%`")?;
        let percent = text.strip_suffix('%').and_then(counted);
        if percent.is_none() {
            let help = format!("write `{}%`", counted(text).unwrap_or(70));
            self.fault(&rule::INVALID_NUMBER, node.span, format!("`{text}` is no percentage"), help);
        }
        percent
    }

    /// A time in seconds: `30s`, `5m`, `1h`.
    pub fn seconds(&mut self, node: &Node) -> Option<u32> {
        let text = &self.scalar(node, "a time, as `30s` or `5m`")?;
        let seconds = duration(text);
        if seconds.is_none() {
            let number = counted(text).unwrap_or(30);
            let help = format!("write `{number}s` for seconds, `{number}m` for minutes; a week, `168h`, is the most");
            self.fault(&rule::INVALID_DURATION, node.span, format!("`{text}` is no time, or too long a one"), help);
        }
        seconds
    }

    /// An amount: `500m`, `20Gi`.
    pub fn quantity(&mut self, node: &Node) -> Option<Quantity> {
        let text = &self.scalar(node, "a quantity, as `500m` or `2Gi`")?;
        self.quantity_of(node, text)
    }

    /// An amount that is a part of a scalar's text.
    pub(super) fn quantity_of(&mut self, node: &Node, text: &str) -> Option<Quantity> {
        match text.parse() {
            Ok(quantity) => Some(quantity),
            Err(error) => {
                let help = spelt_right(text).map_or_else(
                    || "write `500m` or `1.5` for CPU, `512Mi` or `20Gi` for memory and storage".to_owned(),
                    |right| format!("write `{right}`"),
                );
                let message = stack_krm::InvalidQuantity::to_string(&error);
                self.fault(&rule::INVALID_QUANTITY, node.span, message, help);
                None
            }
        }
    }

    /// One of a few words; `what` names the choice, for a message: "a kind of workload".
    pub fn word<T: Clone>(&mut self, node: &Node, what: &str, words: &[(&str, T)]) -> Option<T> {
        let names = || words.iter().map(|(name, _)| *name);
        let text = &self.scalar(node, &format!("{what}: one of {}", listed(&names().collect::<Vec<_>>())))?;
        let found = words.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            self.unknown_word(&rule::UNKNOWN_WORD, node, text, what, names());
        }
        found.map(|(_, value)| value.clone())
    }

    /// Says that a word is none of those that may stand there, and which one is near.
    pub fn unknown_word<'a>(
        &mut self,
        rule: &'static Rule,
        node: &Node,
        text: &str,
        what: &str,
        names: impl Iterator<Item = &'a str>,
    ) {
        let message = format!("`{text}` is no {}", what.trim_start_matches("a "));
        self.fault(rule, node.span, message, proposal(text, names));
    }

    /// A list, without items that a value says are absent; what is wrong with one item does not hide the others.
    pub fn list<'n, T>(
        &mut self,
        node: &'n Node,
        wanted: &str,
        mut read: impl FnMut(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(items) = node.as_sequence() else {
            self.wrong_kind(node, wanted);
            return None;
        };
        let there = |item: &&Node| !self.is_absent(item);
        let items: Vec<&'n Node> = items.iter().filter(there).collect();
        Some(items.into_iter().filter_map(|item| read(self, item)).collect())
    }

    /// A list of texts.
    pub fn texts(&mut self, node: &Node) -> Option<Vec<String>> {
        self.list(node, "a list of texts", Self::text)
    }

    /// A list of texts in which `<…>` are references.
    pub fn templates(&mut self, node: &Node) -> Option<Vec<Template>> {
        self.list(node, "a list of texts", Self::template)
    }

    /// A map whose keys are the author's, without entries that a value says are absent; what is wrong with one entry does not hide
    /// the others.
    pub fn map<'n, T>(
        &mut self,
        node: &'n Node,
        wanted: &str,
        mut read: impl FnMut(&mut Self, &'n Key, &'n Node) -> Option<T>,
    ) -> Option<IndexMap<String, T>> {
        self.map_all(
            node,
            wanted,
            |reader, key, node| if reader.is_absent(node) { None } else { read(reader, key, node) },
        )
    }

    /// A map whose keys are the author's, with entries that a value says are absent.
    pub(super) fn map_all<'n, T>(
        &mut self,
        node: &'n Node,
        wanted: &str,
        mut read: impl FnMut(&mut Self, &'n Key, &'n Node) -> Option<T>,
    ) -> Option<IndexMap<String, T>> {
        let Some(mapping) = node.as_mapping() else {
            self.wrong_kind(node, wanted);
            return None;
        };
        let entries = mapping.entries.iter();
        let read = |entry: &'n stack_krm::yaml::Entry| {
            Some((entry.key.as_str().to_owned(), read(self, &entry.key, &entry.value)?))
        };
        Some(entries.filter_map(read).collect())
    }

    /// A map of texts in which `<…>` are references: environment variables, build arguments, labels.
    pub fn template_map(&mut self, node: &Node) -> Option<IndexMap<String, Template>> {
        self.map(node, "a map, as `{NAME: value}`", |reader, _, value| reader.template(value))
    }
}

/// A whole number that may count something.
pub(super) fn counted(text: &str) -> Option<u32> {
    whole(text).filter(|number| *number <= MOST)
}

/// A whole number in decimal digits.
pub(super) fn whole(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Seconds of a time with its unit.
pub(super) fn duration(text: &str) -> Option<u32> {
    let (_, unit, number) = DURATIONS.iter().find_map(|(name, unit)| Some((name, unit, text.strip_suffix(name)?)))?;
    whole(number)?.checked_mul(*unit).filter(|seconds| *seconds <= LONGEST)
}

/// The edit that makes a text a name of that syntax, where lower case and hyphens are enough.
pub fn proposed_name<T: FromStr<Err = InvalidName>>(text: &str) -> Option<String> {
    let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let right: String = text.chars().map(fits).collect();
    let right = right.trim_matches('-');
    right.parse::<T>().ok().map(|_| format!("write `{right}`"))
}

/// The quantity that a misspelt one was most likely meant to be.
fn spelt_right(text: &str) -> Option<String> {
    let unit_start = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit_start);
    let unit = unit.trim().to_ascii_lowercase();
    let (_, right) = MISSPELT_UNITS.iter().find(|(wrong, _)| *wrong == unit)?;
    let right = format!("{number}{right}");
    right.parse::<Quantity>().ok().map(|_| right)
}

/// What a reference starts with that is no file name after a shell's `<`.
const SCOPES: [&str; 10] = ["self", "secret", "value", "env", "host", "port", "url", "user", "password", "database"];

/// The name of a reference that starts and does not end.
fn unclosed(text: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let text = text.replace("<<", "");
    let found = text.split('<').skip(1).find_map(|after| {
        let (name, rest) = after.split_at(after.find(|c| !is_name(c)).unwrap_or(after.len()));
        let scope = name.split('.').next().unwrap_or_default();
        (SCOPES.contains(&scope) && !rest.starts_with('>')).then_some(name)
    });
    found.map(|name| name.trim_end_matches('.').to_owned())
}
