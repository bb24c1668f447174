//! From texts to documents.

use std::ops::Range;

use stack_krm::yaml::{Document, DuplicateKey, Limits, Node, PartReader, ReadError};
use stack_source::{Diagnostic, Locus, Report, Span, TreePath};

use crate::block::Block;
use crate::error::Result;
use crate::layer::Session;
use crate::rules::{IGNORED, INVALID_YAML};
use crate::steps;
use crate::transform::patches::strategic::TEXTS;

/// Where a text stands: in a file of its own, or in a field of one, with its lines or as a whole.
#[derive(Clone, Debug)]
pub(crate) enum Source<'a> {
    File(&'a TreePath),
    Block(&'a Block),
    Field(&'a Locus),
}

impl<'a> Source<'a> {
    /// A text in a field.
    pub(crate) fn field(at: &'a Locus, block: Option<&'a Block>) -> Self {
        block.map_or(Self::Field(at), Self::Block)
    }

    /// The place of something in the text.
    pub(crate) fn at(&self, span: Span) -> Locus {
        match self {
            Self::File(path) => Locus::in_file((*path).clone(), span),
            Self::Block(block) => block.at(span),
            Self::Field(at) => (*at).clone(),
        }
    }
}

/// What kustomize reads of a text.
pub(crate) struct Documents {
    /// The roots of its documents, empty ones left out.
    pub(crate) roots: Vec<Node>,
    /// Whether no line divides the text. A separator makes two documents of one, also where nothing follows.
    pub(crate) is_undivided: bool,
}

/// Which of equal keys kustomize reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    /// The first one: in objects and strategic merge patches. A list is no such thing, and has the last one.
    First,
    /// The last one: on the way through JSON.
    Last,
}

/// The documents of a text.
pub(crate) fn documents(text: &str, counts: Counts, source: &Source<'_>, session: &mut Session) -> Result<Documents> {
    let mut documents = Documents { roots: Vec::new(), is_undivided: true };
    each_document(text, counts, source, session, |root, is_undivided| {
        documents.roots.push(root);
        documents.is_undivided = is_undivided;
    })?;
    Ok(documents)
}

impl Documents {
    /// What stands before the first of them, where a reader that takes one document of the text finds an empty one: a separator too
    /// many, or a null. Above the first separator, comments are no document.
    pub(crate) fn empty_before(&self, text: &str) -> Option<Span> {
        let first = self.roots.first().filter(|_| !self.is_undivided)?;
        let mut parts = PartReader::new(text, &Limits::default()).ok()?;
        let read = parts.read(0..text.len()).ok()?;
        let is_empty = read.is_none_or(|document| document.root.is_null());
        let before = text.get(..first.span.start as usize)?;
        let separator = before.find("---").filter(|_| is_empty)?;
        Some(span(separator, "---".len()))
    }
}

/// Reads the documents of a text one by one. Kustomize splits it at lines that begin with `---`, and reads one document of each part.
/// `take` gets the root of each that is not empty, and whether no line divides the text.
pub(crate) fn each_document(
    text: &str,
    counts: Counts,
    source: &Source<'_>,
    session: &mut Session,
    mut take: impl FnMut(Node, bool),
) -> Result<()> {
    let (mut unread, mut repeated) = (None, Vec::new());
    let refuse = |error: ReadError| {
        let help = if is_nearly_separator(text, error.span) {
            Some("write `---` at the beginning of the line, alone".to_owned())
        } else {
            error.help
        };
        Diagnostic::new(&INVALID_YAML, error.message).at(source.at(error.span)).maybe_help(help)
    };
    let mut parts = PartReader::new(text, &Limits::default()).map_err(refuse)?;
    let mut rest = 0;
    while rest < text.len() {
        let (part, next) = match separator(text, rest, source)? {
            Some((end, next)) => (rest..end, next),
            None => (rest..text.len(), text.len()),
        };
        if let Some(mut document) = parts.read(part.clone()).map_err(refuse)? {
            if counts == Counts::Last {
                document.root.expand_merges();
            }
            let behind = document.span.end as usize..part.end;
            unread = unread.or_else(|| content_in(text, behind));
            let root = &document.root;
            repeated.extend(document.duplicate_keys.iter().map(|key| match counts {
                Counts::First if root.as_sequence().is_none() => ignored_in_object(key, root, source),
                Counts::First | Counts::Last => ignored_key(key, source),
            }));
            if !document.root.is_null() {
                take(document.root, part == (0..text.len()));
            }
        }
        rest = next;
    }
    let unread = unread.map(|span| ignored_rest(text, span, source));
    repeated.into_iter().chain(unread).for_each(|warning| session.warnings.add(warning));
    Ok(())
}

const FIRST_ONLY: &str = "kustomize reads the first document only here";
const INTO_THE_FIRST: &str = "move what it says into the first one";
const ONE_OF_BOTH: &str = "write one of them with all that both say";

/// Of equal keys on the way through JSON, kustomize reads the last one.
pub(crate) fn ignored_key(key: &DuplicateKey, source: &Source<'_>) -> Diagnostic {
    let message = format!("the key `{}` stands twice here, and kustomize reads the last one only", key.key);
    let (first, last) = (source.at(key.first), source.at(key.second));
    Diagnostic::new(&IGNORED, message).at(first).related(last, "the last one").help(ONE_OF_BOTH)
}

/// Of equal keys of an object or a strategic merge patch, kustomize reads the first one. Where that becomes a part of an object with
/// both, it is not printed; labels and annotations may become a map of texts before, which has the last one.
fn ignored_in_object(key: &DuplicateKey, root: &Node, source: &Source<'_>) -> Diagnostic {
    let texts = TEXTS.iter().filter_map(|field| root.at(["metadata", field]));
    let is_text = texts.into_iter().any(|map| map.span.start <= key.second.start && key.second.end <= map.span.end);
    let which = if is_text { "one of them" } else { "the first one" };
    let message = format!("the key `{}` stands twice here, and kustomize reads {which} only", key.key);
    let help = match key.key.as_str() {
        "apiVersion" | "kind" => "write `---` on a line before it if another object begins here",
        _ => ONE_OF_BOTH,
    };
    let (first, again) = (source.at(key.first), source.at(key.second));
    Diagnostic::new(&IGNORED, message).at(again).related(first, "the first one").help(help)
}

/// Says that only the first document of a text is read.
pub(crate) fn warn_of_rest(rest: &[Node], source: &Source<'_>, session: &mut Session) {
    if let [second, ..] = rest {
        let warning = Diagnostic::new(&IGNORED, FIRST_ONLY).at(source.at(second.span));
        session.warnings.add(warning.help(INTO_THE_FIRST));
    }
}

/// The one document that go-yaml reads of a file. What follows is not even parsed, and told.
pub(crate) fn only_document(path: &TreePath, text: &str, warnings: &mut Report) -> Result<Option<Document>> {
    let at = |span| Locus::in_file(path.clone(), span);
    let refuse =
        |error: ReadError| Diagnostic::new(&INVALID_YAML, error.message).at(at(error.span)).maybe_help(error.help);
    let mut parts = PartReader::new(text, &Limits::default()).map_err(refuse)?;
    let mut document = parts.read(0..text.len()).map_err(refuse)?;
    if let Some(document) = &mut document {
        document.root.expand_merges();
    }
    let end = document.as_ref().map_or(text.len(), |document| document.span.end as usize);
    if let Some(rest) = content_in(text, end..text.len()) {
        warnings.add(Diagnostic::new(&IGNORED, FIRST_ONLY).at(at(rest)).help(INTO_THE_FIRST));
    }
    Ok(document)
}

/// What stands behind the end of a document, with no `---` between them.
fn ignored_rest(text: &str, span: Span, source: &Source<'_>) -> Diagnostic {
    let above = text.get(..span.start as usize).unwrap_or_default();
    let help = if above.ends_with('\r') {
        "end lines with a line feed: behind a carriage return alone, `---` divides nothing"
    } else {
        "write `---` before it"
    };
    let message = "kustomize reads nothing behind the end of the document";
    Diagnostic::new(&IGNORED, message).at(source.at(span)).help(help)
}

/// Where the part that begins at `from` ends, and where the next one begins; nothing where it is the last one.
fn separator(text: &str, from: usize, source: &Source<'_>) -> Result<Option<(usize, usize)>> {
    let found = text[from..].find("\n---");
    steps::note(found.unwrap_or(text.len() - from));
    let Some(end) = found.map(|found| from + found + 1) else { return Ok(None) };
    let Some((line, _)) = text[end..].split_once('\n') else { return Ok(None) };
    let rest = line[3..].trim();
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(Some((end, end + line.len() + 1)));
    }
    let message = format!("`{}` is no separator of documents", line.trim());
    let help = "write `---` on a line of its own";
    Err(Diagnostic::new(&INVALID_YAML, message).at(source.at(span(end, line.len()))).help(help).into())
}

/// Whether the line of an error is a separator but for a dash or for the space before it.
fn is_nearly_separator(text: &str, span: Span) -> bool {
    let Some((above, below)) = text.split_at_checked(span.start as usize) else { return false };
    let start = above.rfind('\n').map_or(0, |end| end + 1);
    let line = [&above[start..], below.split('\n').next().unwrap_or_default()].concat();
    matches!(line.trim(), "--" | "---")
}

/// The first line in a part of a text that is neither empty nor a comment nor a mark between documents.
fn content_in(text: &str, part: Range<usize>) -> Option<Span> {
    let mut start = part.start;
    for line in text.get(part)?.split_inclusive('\n') {
        let content = line.trim();
        if !(content.is_empty() || content.starts_with('#') || matches!(content, "..." | "---")) {
            return Some(span(start + line.len() - line.trim_start().len(), content.len()));
        }
        start += line.len();
    }
    None
}

fn span(start: usize, length: usize) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(start + length))
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::Node;
    use stack_source::TreePath;

    use super::{Counts, Session, Source, documents};
    use crate::steps;

    fn names(text: &str) -> Vec<String> {
        let path = TreePath::new("a.yaml").unwrap();
        let found = documents(text, Counts::First, &Source::File(&path), &mut Session::default()).unwrap().roots;
        found.iter().filter_map(|root| root.get("n").and_then(Node::as_str).map(str::to_owned)).collect()
    }

    #[test]
    fn what_follows_the_end_of_a_document_is_not_read() {
        for (text, expected) in [
            ("n: a\n---\nn: b\n", &["a", "b"][..]),
            ("n: a\n...\nn: b\n", &["a"]),
            ("n: a\n...\n---\nn: b\n", &["a", "b"]),
            ("n: a\n...\n# comment\n---\nn: b\n---\nn: c\n", &["a", "b", "c"]),
            ("n: a\n...\nn: b\n---\nn: c\n...\nn: d\n", &["a", "c"]),
            ("n: a\n...\nn: b\n...\nn: c\n", &["a"]),
            ("---\nn: a\n...\n...\nn: b\n", &["a"]),
        ] {
            assert_eq!(names(text), expected, "{text:?}");
        }
    }

    /// No document is looked for from the start of the file.
    #[test]
    fn a_file_may_hold_many_documents() {
        let text: String = (0..4_000).map(|n| format!("---\nn: a{n}\n")).collect();
        let steps = steps::taken(|| assert_eq!(names(&text).len(), 4_000));
        assert!(steps <= 2 * text.len(), "{steps}");
    }
}
