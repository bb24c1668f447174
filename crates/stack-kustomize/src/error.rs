use std::fmt;

use stack_source::{Diagnostic, FileTree, Report};

/// A build that failed, and why: each reason with its place, what was expected, and the edit that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    report: Report,
}

impl BuildError {
    /// The reasons.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The reasons.
    pub fn into_report(self) -> Report {
        self.report
    }

    /// The reasons with their source lines, as a terminal shows them.
    pub fn render(&self, files: &FileTree, colour: bool) -> String {
        self.report.render(files, colour)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(f)
    }
}

impl std::error::Error for BuildError {}

impl From<Diagnostic> for BuildError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { report: diagnostic.into() }
    }
}

impl From<Report> for BuildError {
    fn from(report: Report) -> Self {
        Self { report }
    }
}

/// What the parts of a build return.
pub(crate) type Result<T, E = BuildError> = std::result::Result<T, E>;
