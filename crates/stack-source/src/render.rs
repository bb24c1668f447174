use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::place::boundary;
use crate::{Diagnostic, FileTree, Locus, Report, Severity};

impl Report {
    /// The report as a terminal shows it: each fact with its source line, as rustc prints them.
    ///
    /// `files` holds the texts that the loci point into; `colour` adds terminal escapes.
    pub fn render(&self, files: &FileTree, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let shown: Vec<String> = self.iter().map(|diagnostic| renderer.render(&[group(diagnostic, files)])).collect();
        shown.join("\n\n")
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, files: &'a FileTree) -> Group<'a> {
    let level = match diagnostic.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.name);
    let mut group = Group::with_title(title);
    group = place(group, &diagnostic.at, AnnotationKind::Primary, None, files);
    for (at, what) in &diagnostic.related {
        group = place(group, at, AnnotationKind::Context, Some(what), files);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

fn place<'a>(
    group: Group<'a>,
    at: &'a Locus,
    kind: AnnotationKind,
    label: Option<&'a str>,
    files: &'a FileTree,
) -> Group<'a> {
    match at {
        Locus::Derived => group,
        Locus::Rust(place) => {
            let origin = Origin::path(place.file()).line(place.line() as usize).char_column(place.column() as usize);
            group.element(origin)
        }
        Locus::File { path, span } => match files.text(path) {
            None => group.element(Origin::path(path.as_str())),
            Some(text) => {
                let end = boundary(text, span.end);
                let start = boundary(text, span.start).min(end);
                // The lines of the place alone: a snippet goes through all that it is given, for each fault anew.
                let first = text[..start].rfind('\n').map_or(0, |before| before + 1);
                let last = text[end..].find('\n').map_or(text.len(), |behind| end + behind);
                let line = 1 + text[..first].bytes().filter(|byte| *byte == b'\n').count();
                let snippet = Snippet::source(&text[first..last]).line_start(line).path(path.as_str());
                group.element(snippet.annotation(kind.span(start - first..end - first).label(label)))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::{Diagnostic, FileTree, Locus, Report, Rule, Span, TreePath};

    #[test]
    fn a_span_that_does_not_fit_the_text_is_shown_all_the_same() {
        static RULE: Rule = Rule::error("some", "a reason");
        let path = TreePath::new("a.yaml").unwrap();
        let mut files = FileTree::new();
        files.insert(path.clone(), "a: é😀\n");
        for span in [Span::new(4, 6), Span::new(0, 1000), Span::new(900, 1000), Span::new(6, 5)] {
            let report: Report = Diagnostic::new(&RULE, "wrong").at(Locus::in_file(path.clone(), span)).into();
            assert!(report.render(&files, false).contains("a.yaml"), "{span:?}");
        }
    }
}
