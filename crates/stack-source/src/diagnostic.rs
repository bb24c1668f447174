use std::fmt;

use crate::Locus;

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact; the same one is kept once.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        let same = |known: &Diagnostic| *known == diagnostic && known.at.order() == diagnostic.at.order();
        if !self.diagnostics.iter().any(same) {
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

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
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
