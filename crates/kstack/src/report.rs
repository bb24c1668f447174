//! What a person, or a program, is told about the input.

use std::collections::BTreeMap;

use stack_krm::yaml::{Limits, Node, read};
use stack_model::rule::LITERAL_SECRET;
use stack_source::{Diagnostic, FileTree, LineColumn, Locus, Report, Severity, Span, TreePath};

use crate::table::count;

/// Input with faults, the texts that they point into, and what became of the command.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) report: Report,
    pub(crate) files: FileTree,
    /// What follows the number of faults: `nothing written`.
    pub(crate) outcome: &'static str,
}

impl Refused {
    pub(crate) fn text(&self, colour: bool) -> String {
        let faults = count(self.report.errors(), "fault", "faults");
        let outcome = if self.outcome.is_empty() { String::new() } else { format!(", {}", self.outcome) };
        format!("{}\n\n{faults}{outcome}\n", rendered(&self.report, &self.files, colour))
    }
}

/// A report as a terminal shows it, with `…` for each value that an overlay gives a Secret, and for each secret that it is about.
pub(crate) fn rendered(report: &Report, files: &FileTree, colour: bool) -> String {
    let (mut shown, mut values) = (FileTree::new(), BTreeMap::new());
    for (path, bytes) in files.iter() {
        let given = files.text(path).map(|text| {
            let mut spans = given_values(path, text);
            spans.extend(refused_values(report, path, text));
            spans.sort_unstable();
            spans.dedup();
            (text, spans)
        });
        match given {
            Some((text, spans)) if !spans.is_empty() => {
                let mut copy = text.to_owned();
                for (start, end) in spans.iter().rev() {
                    copy.replace_range(*start as usize..*end as usize, MASK);
                }
                shown.insert(path.clone(), copy);
                values.insert(path.clone(), spans);
            }
            _ => shown.insert(path.clone(), bytes),
        }
    }
    let locus = |at: &Locus| match at {
        Locus::File { path, span } => match values.get(path) {
            Some(spans) => Locus::in_file(path.clone(), Span::new(moved(span.start, spans), moved(span.end, spans))),
            None => at.clone(),
        },
        other => other.clone(),
    };
    let report: Report = report
        .iter()
        .map(|diagnostic| {
            let related = diagnostic.related.iter().map(|(at, what)| (locus(at), what.clone())).collect();
            Diagnostic { at: locus(&diagnostic.at), related, ..diagnostic.clone() }
        })
        .collect();
    report.render(&shown, colour)
}

/// What stands for a value.
const MASK: &str = "…";

/// Where an overlay's `secrets: {NAME: {KEY: VALUE}}` has its values.
fn given_values(path: &TreePath, text: &str) -> Vec<(u32, u32)> {
    if path.parent().is_none_or(|folder| folder.name() != Some("overlays")) {
        return Vec::new();
    }
    let Ok(documents) = read(text, &Limits::default()) else { return Vec::new() };
    let entries = |node: &Node| node.as_mapping().map(|mapping| mapping.entries.clone()).unwrap_or_default();
    documents
        .iter()
        .flat_map(|document| entries(&document.root))
        .filter(|entry| entry.key.as_str() == "secrets")
        .flat_map(|entry| entries(&entry.value))
        .flat_map(|secret| entries(&secret.value))
        .map(|key| (key.value.span.start, key.value.span.end))
        .filter(|(start, end)| start < end && text.get(*start as usize..*end as usize).is_some())
        .collect()
}

/// Where a file has secrets in plain text that a report refuses.
fn refused_values(report: &Report, path: &TreePath, text: &str) -> Vec<(u32, u32)> {
    let refused = report.iter().filter(|diagnostic| diagnostic.rule == &LITERAL_SECRET);
    let spans = refused.filter_map(|diagnostic| match &diagnostic.at {
        Locus::File { path: at, span } if at == path => Some((span.start, span.end)),
        _ => None,
    });
    spans.filter(|(start, end)| start < end && text.get(*start as usize..*end as usize).is_some()).collect()
}

/// Where an offset is once the values before it are masked.
fn moved(offset: u32, values: &[(u32, u32)]) -> u32 {
    let mask = u32::try_from(MASK.len()).unwrap_or_default();
    let mut result = offset;
    for (start, end) in values.iter().rev().filter(|(start, _)| offset > *start) {
        result = if offset >= *end {
            (result + mask).saturating_sub(end - start)
        } else {
            result.saturating_sub(offset - start)
        };
    }
    result
}

/// A report and its texts as a person in the current directory names them: below `folder`.
pub(crate) fn seen_from(report: &Report, files: &FileTree, folder: &TreePath) -> (Report, FileTree) {
    if folder.as_str().is_empty() {
        return (report.clone(), files.clone());
    }
    renamed(report, files, |path| folder.join(path.as_str()).ok())
}

/// A report and the texts that it is about, with other paths; a file that gets none keeps its own.
pub(crate) fn renamed(
    report: &Report,
    files: &FileTree,
    name: impl Fn(&TreePath) -> Option<TreePath>,
) -> (Report, FileTree) {
    let mut seen = FileTree::new();
    let mut locus = |at: &Locus| match at {
        Locus::File { path, span } => match files.get(path) {
            Some(text) => {
                let path = name(path).unwrap_or_else(|| path.clone());
                seen.insert(path.clone(), text);
                Locus::in_file(path, *span)
            }
            None => at.clone(),
        },
        other => other.clone(),
    };
    let diagnostics: Report = report
        .iter()
        .map(|diagnostic| {
            let related = diagnostic.related.iter().map(|(at, what)| (locus(at), what.clone())).collect();
            Diagnostic { at: locus(&diagnostic.at), related, ..diagnostic.clone() }
        })
        .collect();
    (diagnostics, seen)
}

/// The report for a program.
pub(crate) fn json(report: &Report, files: &FileTree) -> serde_json::Value {
    let diagnostics: Vec<serde_json::Value> = report.iter().map(|diagnostic| one(diagnostic, files)).collect();
    serde_json::json!({
        "good": !report.has_errors(),
        "errors": report.errors(),
        "warnings": diagnostics.len() - report.errors(),
        "diagnostics": diagnostics,
    })
}

fn one(diagnostic: &Diagnostic, files: &FileTree) -> serde_json::Value {
    let related = diagnostic.related.iter().map(|(at, what)| {
        let mut place = place(at, files);
        place["message"] = what.as_str().into();
        place
    });
    let mut value = place(&diagnostic.at, files);
    value["rule"] = diagnostic.rule.name.into();
    value["severity"] = match diagnostic.rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
    .into();
    value["message"] = diagnostic.message.as_str().into();
    value["help"] = diagnostic.help.clone().into();
    value["related"] = related.collect::<Vec<_>>().into();
    value
}

fn place(at: &Locus, files: &FileTree) -> serde_json::Value {
    match at {
        Locus::File { path, span } => {
            let text = files.text(path).unwrap_or_default();
            let (start, end) = (LineColumn::of(text, span.start), LineColumn::of(text, span.end));
            serde_json::json!({
                "file": path.as_str(), "line": start.line, "column": start.column,
                "endLine": end.line, "endColumn": end.column,
            })
        }
        Locus::Rust(place) => {
            serde_json::json!({"file": place.file(), "line": place.line(), "column": place.column()})
        }
        Locus::Derived => serde_json::json!({}),
    }
}
