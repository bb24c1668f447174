use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::Locus;
use crate::place::Order;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written while one stands.
    Error,
    /// Said, and then work goes on.
    Warning,
}

/// A kind of fault: its name, and why it is one. Rules are rows of `static` tables.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// In kebab-case, unique: `unknown-service`.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence: what is wrong and why that matters.
    pub why: &'static str,
}

impl Rule {
    /// A rule whose breach stops the work.
    pub const fn error(name: &'static str, why: &'static str) -> Self {
        Self { name, severity: Severity::Error, why }
    }

    /// A rule whose breach is only said.
    pub const fn warning(name: &'static str, why: &'static str) -> Self {
        Self { name, severity: Severity::Warning, why }
    }
}

/// One fact about the author's input: the rule, what is wrong, where, and the edit that mends it.
///
/// Two of them are equal where their places are too, unlike models, which compare by content.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What is wrong: a lower-case phrase without a full stop, names in backticks.
    pub message: String,
    /// Where it was written.
    pub at: Locus,
    /// Other places that belong to it, each with what is there.
    pub related: Vec<(Locus, String)>,
    /// The edit that mends it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A breach of `rule`, without a place so far.
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), at: Locus::Derived, related: Vec::new(), help: None }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, at: Locus) -> Self {
        self.at = at;
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, at: Locus, what: impl Into<String>) -> Self {
        self.related.push((at, what.into()));
        self
    }

    /// Proposes the edit.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Proposes the edit, where there is one to propose.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// A number that equal facts share and that others seldom do.
    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.at.order(), self.rule.name, &self.message, &self.help).hash(&mut hasher);
        hasher.finish()
    }

    fn facts(&self) -> (&'static Rule, &str, Option<&str>, impl Iterator<Item = (Order<'_>, &str)>) {
        let places = [(self.at.order(), "")].into_iter();
        let related = self.related.iter().map(|(at, what)| (at.order(), what.as_str()));
        (self.rule, &self.message, self.help.as_deref(), places.chain(related))
    }
}

impl PartialEq for Diagnostic {
    fn eq(&self, other: &Self) -> bool {
        let ((rule, message, help, places), (theirs, text, edit, there)) = (self.facts(), other.facts());
        rule == theirs && message == text && help == edit && places.eq(there)
    }
}

impl Eq for Diagnostic {}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: {}", self.rule.name, self.message)
    }
}

/// All that is wrong with an input, in the order of the places.
#[derive(Clone, Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    /// Where those of one digest stand, so that a fact is compared with few others.
    by_digest: BTreeMap<u64, Vec<usize>>,
}

impl Report {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact; the same one is kept once.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        let alike = self.by_digest.entry(diagnostic.digest()).or_default();
        if !alike.iter().any(|index| self.diagnostics[*index] == diagnostic) {
            alike.push(self.diagnostics.len());
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds all facts of another report.
    pub fn append(&mut self, other: Self) {
        for diagnostic in other.diagnostics {
            self.add(diagnostic);
        }
    }

    /// Whether one of them stops the work.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many stop the work.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.rule.severity == Severity::Error).count()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The facts in the order of their places: files first, by path and offset.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        sorted.sort_by(|a, b| a.at.order().cmp(&b.at.order()));
        sorted.into_iter()
    }
}

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        self.diagnostics == other.diagnostics
    }
}

impl Eq for Report {}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::from_iter([diagnostic])
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut report = Self::new();
        for diagnostic in diagnostics {
            report.add(diagnostic);
        }
        report
    }
}

/// One line each, without the source; [`Report::render`] shows the source too.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.iter().enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{diagnostic}")?;
            if let Some(help) = &diagnostic.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Report, Rule};
    use crate::{Locus, Span, TreePath};

    static RULE: Rule = Rule::error("a-rule", "it is one");

    fn fault(message: &str, offset: u32) -> Diagnostic {
        let path = TreePath::new("a.yaml").expect("a path");
        Diagnostic::new(&RULE, message).at(Locus::in_file(path, Span::new(offset, offset + 1)))
    }

    #[test]
    fn a_fact_is_kept_once_and_its_like_are_kept_all() {
        let facts = [
            fault("a", 7),
            fault("a", 3),
            fault("b", 7),
            fault("a", 7).help("c"),
            fault("a", 7).related(Locus::Derived, "d"),
            fault("a", 7),
            fault("a", 7).related(Locus::Derived, "d"),
        ];
        let report: Report = facts.into_iter().collect();
        let said: Vec<_> = report.iter().map(|fact| (fact.message.as_str(), &fact.help, fact.related.len())).collect();
        assert_eq!(
            said,
            [("a", &None, 0), ("a", &None, 0), ("b", &None, 0), ("a", &Some("c".to_owned()), 0), ("a", &None, 1)]
        );
        let mut twice = report.clone();
        twice.append(report.clone());
        assert_eq!(twice, report);
        assert_ne!(Report::from(fault("a", 3)), Report::from(fault("a", 7)), "a place is part of a fact");
    }

    #[test]
    fn the_same_fact_at_many_places_is_many() {
        let report: Report = (0..60_000).map(|offset| fault("a", offset)).collect();
        assert_eq!(report.errors(), 60_000);
    }
}
