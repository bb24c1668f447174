use stack_krm::yaml::{Limits, Node, read};
use stack_source::{Diagnostic, FileTree, Locus, Report, Rule, Span, TreePath};

use super::given::Bindings;
use super::rule;

/// Reads one of the author's files: gives every value its place, and collects what is wrong.
///
/// What reads a value takes the reader and the node, and gives the value or says what is wrong and gives none; so all faults of
/// a file are found at once.
#[derive(Debug)]
pub struct Reader<'t> {
    path: &'t TreePath,
    pub(super) text: &'t str,
    pub(super) report: Report,
    /// What references are replaced by.
    pub(super) bindings: Bindings,
    /// Where values were given: a span beyond the text counts them.
    pub(super) places: Vec<Locus>,
}

impl<'t> Reader<'t> {
    /// Opens a file that holds one YAML document; its root, where there is one to read.
    pub fn open(files: &'t FileTree, path: &'t TreePath) -> Result<(Self, Node), Report> {
        let unreadable = |message: String, help: &str| {
            let at = Locus::in_file(path.clone(), Span::default());
            Report::from(Diagnostic::new(&rule::UNREADABLE_FILE, message).at(at).help(help))
        };
        if files.get(path).is_none() {
            return Err(unreadable(format!("`{path}` is not there"), "`kstack new NAME` makes a package that has one"));
        }
        let text = files
            .text(path)
            .ok_or_else(|| unreadable(format!("`{path}` is no UTF-8 text"), "save it as UTF-8 in your editor"))?;
        let mut reader = Self { path, text, report: Report::new(), bindings: Bindings::default(), places: Vec::new() };
        let documents = match read(text, &Limits::default()) {
            Ok(documents) => documents,
            Err(error) => {
                reader.fault(&rule::INVALID_YAML, error.span, error.message, error.help);
                return Err(reader.report);
            }
        };
        for key in documents.iter().flat_map(|document| &document.duplicate_keys) {
            let message = format!("`{}` stands twice", &*key.key);
            let fault = Diagnostic::new(&rule::DUPLICATE_KEY, message)
                .at(reader.at(key.second))
                .related(reader.at(key.first), "first here")
                .help("keep one of them");
            reader.report.add(fault);
        }
        let empty = |node: &Node| node.is_null();
        match documents.as_slice() {
            [document] if !empty(&document.root) => {
                let root = document.root.clone();
                Ok((reader, root))
            }
            [] | [_] => {
                let help = "`stack: NAME` and `services:` make a stack, `overlay: NAME` an overlay";
                reader.fault(&rule::NOT_ONE_DOCUMENT, Span::default(), "the file is empty", Some(help.to_owned()));
                Err(reader.report)
            }
            [_, second, ..] => {
                let help = "one file, one document: move it to a file of its own".to_owned();
                reader.fault(&rule::NOT_ONE_DOCUMENT, second.span, "a second document starts here", Some(help));
                Err(reader.report)
            }
        }
    }

    /// The place of a span: its first line, so that a message about a block shows where it starts.
    pub fn at(&self, span: Span) -> Locus {
        if let Some(given) = self.foreign(span) {
            return given.clone();
        }
        let first_line = self.text.get(span.start as usize..).and_then(|rest| rest.find(['\n', '\r']));
        let end = first_line.and_then(|length| u32::try_from(length).ok()).map(|length| span.start + length);
        Locus::in_file(self.path.clone(), Span::new(span.start, end.map_or(span.end, |end| end.min(span.end))))
    }

    /// Says what is wrong there, and which edit mends it.
    pub fn fault(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        let fault = Diagnostic::new(rule, message).at(self.at(span)).maybe_help(help.into());
        self.report.add(fault);
    }

    /// Says that a value has not the form that its key takes. `wanted` names the form and shows it: "a map of ports, as
    /// `{http: 8080}`".
    pub fn wrong_kind(&mut self, node: &Node, wanted: &str) {
        let (form, example) = wanted.split_once(", as ").unwrap_or((wanted, wanted));
        let found = if node.is_null() { "nothing" } else { node.kind() };
        let out = if node.is_null() { ", or take the key out" } else { "" };
        let message = format!("{found} stands here, and {form} belongs here");
        self.fault(&rule::WRONG_KIND, node.span, message, format!("write {example}{out}"));
    }

    /// The value, unless something was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Report> {
        value.filter(|_| !self.report.has_errors()).ok_or(self.report)
    }
}
