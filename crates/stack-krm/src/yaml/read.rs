use std::fmt;
use std::ops::Range;

use stack_source::Span;

use self::aliases::Aliases;
use self::compose::{Composer, Failed};
use super::{Node, Text};

mod aliases;
mod collection;
mod compose;
mod mapping;
mod refuse;
mod scan;
mod shared;
mod slip;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it holds; `null` where it is empty.
    pub root: Node,
    /// Where it stands in the whole text.
    pub span: Span,
    /// Keys that a map holds twice, or that are a `<<` which it gets twice from those that it merges. Kustomize refuses them in a resource, takes the first one in a strategic merge patch and the last
    /// one in a kustomization, so the caller judges.
    pub duplicate_keys: Vec<DuplicateKey>,
}

/// A key that stands twice in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// Where it stands first.
    pub first: Span,
    /// Where it stands again.
    pub second: Span,
    /// The key.
    pub key: Text,
}

/// The text is not YAML as kustomize reads it, or asks for more than [`Limits`] allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong: a lower-case phrase without a full stop.
    pub message: String,
    /// The edit that mends it, where one is known.
    pub help: Option<String>,
    /// Where.
    pub span: Span,
}

impl ReadError {
    fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), help: None, span }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

/// What a text may ask for. The defaults let every real manifest pass and stop texts that are made to exhaust the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep lists and maps may nest, after aliases are expanded. The default is 250: who reads a tree walks it by recursion, with
    /// larger frames than the reader's, and a thread has two megabytes for them; the deepest manifests known, definitions of custom
    /// resources, have some forty levels.
    pub depth: usize,
    /// The longest text, in bytes.
    pub text: usize,
    /// What anchors, aliases and merge keys may copy: bytes of text, and 32 for each node. The length of the whole text is added
    /// to it, eightfold, so that large files may share more.
    pub copies: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 250, text: 1 << 30, copies: 16 << 20 }
    }
}

/// Reads all documents of a text as kustomize does: scalars by the rules of go-yaml v3, anchors and merge keys expanded.
///
/// ```
/// use stack_krm::yaml::{Limits, Node, read};
///
/// let documents = read("mode: 0644\nanswer: yes\n---\nb: 1\n", &Limits::default())?;
/// assert_eq!(documents.len(), 2);
/// assert_eq!(documents[0].root.get("answer"), Some(&Node::string("yes")));
/// assert_eq!(documents[0].root.get("mode").and_then(Node::as_i64), Some(420));
///
/// let error = read("a: [1, 2", &Limits::default()).unwrap_err();
/// assert_eq!(error.message, "`[` is never closed");
/// # Ok::<(), stack_krm::yaml::ReadError>(())
/// ```
pub fn read(text: &str, limits: &Limits) -> Result<Vec<Document>, ReadError> {
    refuse::size(text, limits)?;
    refuse::control_characters(text, 0)?;
    let mut composer = Composer::new(text, limits);
    let mut documents = Vec::new();
    while let Some(document) = composer.document().map_err(|error| slip::or_conflict(*error, text))? {
        documents.push(document);
    }
    Ok(documents)
}

/// Reads parts of a text as kustomize does with what stands between two lines of `---`: the first document of each, and nothing
/// behind it. Places are those in the whole text.
///
/// Where a map merges one that merges another itself, kustomize finds what the other says only when it prints. Until then it stands
/// under `<<`, as it does here: see [`Node::expand_merges`].
///
/// ```
/// use stack_krm::yaml::{Limits, Node, PartReader};
///
/// let text = "a: 1\n---\nb: 2\n...\nc: [";
/// let mut parts = PartReader::new(text, &Limits::default())?;
/// let document = parts.read(9..text.len())?.unwrap();
/// assert_eq!(document.root.get("b").and_then(Node::as_i64), Some(2));
/// assert_eq!(document.root.span.of(text), "b: 2");
/// # Ok::<(), stack_krm::yaml::ReadError>(())
/// ```
pub struct PartReader<'a> {
    text: &'a str,
    composer: Composer<'a>,
}

impl<'a> PartReader<'a> {
    /// For a text of which no part was read yet.
    pub fn new(text: &'a str, limits: &Limits) -> Result<Self, ReadError> {
        refuse::size(text, limits)?;
        Ok(Self { text, composer: Composer::new(text, limits) })
    }

    /// The first document of a part; nothing where it has none, or where the range is no part of the text.
    pub fn read(&mut self, part: Range<usize>) -> Result<Option<Document>, ReadError> {
        let Some(text) = self.text.get(..part.end).filter(|text| text.is_char_boundary(part.start)) else {
            return Ok(None);
        };
        refuse::control_characters(text, part.start)?;
        self.composer.begin(text, part.start);
        let document = self.composer.document();
        let is_again = document.is_ok() && self.composer.shared.merges > 1;
        let document = if is_again { self.again(text, part.start) } else { document };
        document.map_err(|error| slip::or_conflict(*error, self.text))
    }

    /// Reads a document, whose aliases and merges are known to fit, in kustomize's order.
    fn again(&mut self, text: &'a str, start: usize) -> Result<Option<Document>, Failed> {
        self.composer.begin(text, start);
        self.composer.shared.deferred = Some(Aliases::default());
        let mut document = self.composer.document();
        let aliases = self.composer.shared.deferred.take();
        if let (Ok(Some(document)), Some(mut aliases)) = (&mut document, aliases) {
            aliases.expand(&mut document.root);
            document.duplicate_keys.append(&mut aliases.lost);
        }
        document
    }
}

impl fmt::Debug for PartReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartReader").finish_non_exhaustive()
    }
}
