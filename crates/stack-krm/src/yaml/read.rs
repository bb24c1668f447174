use std::fmt;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag as SourceTag};
use stack_source::Span;

use self::compose::{Frame, Made, Parts};
use self::shared::Shared;
use super::resolve::{explicit, resolve};
use super::{Node, Scalar, Style, Tag, Text, Value};

mod compose;
mod refuse;
mod shared;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it holds; `null` where it is empty.
    pub root: Node,
    /// Where it stands in the whole text.
    pub span: Span,
    /// Keys that a map holds twice. Kustomize refuses them in a resource and takes the last one in a kustomization, so the
    /// caller judges.
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
    refuse::control_characters(text)?;
    let mut options = granit_parser::options! { flow_nesting_limit: limits.depth, block_nesting_limit: limits.depth };
    options.set_emit_comments(false);
    let mut reader = Reader::new(text, limits);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = event.map_err(|error| refuse::syntax(&error, text, limits))?;
        let offset = |marker: granit_parser::Marker| {
            u32::try_from(marker.byte_offset().unwrap_or(text.len())).unwrap_or(u32::MAX)
        };
        reader.take(event, Span::new(offset(place.start), offset(place.end)))?;
    }
    Ok(reader.documents)
}

struct Reader<'a> {
    text: &'a str,
    depth: usize,
    /// Whether the last line has content and no line break.
    unterminated: bool,
    documents: Vec<Document>,
    duplicate_keys: Vec<DuplicateKey>,
    start: Span,
    root: Option<Node>,
    frames: Vec<Frame>,
    parts: Parts,
    shared: Shared,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            depth: limits.depth,
            unterminated: !text.rsplit(['\n', '\r']).next().unwrap_or_default().trim_ascii().is_empty(),
            documents: Vec::new(),
            duplicate_keys: Vec::new(),
            start: Span::default(),
            root: None,
            frames: Vec::new(),
            parts: Parts::default(),
            shared: Shared::new(limits.copies.saturating_add(text.len().saturating_mul(8)), text.len()),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), ReadError> {
        match event {
            Event::DocumentStart(_, version) => {
                if version.is_some_and(|version| (version.major, version.minor) != (1, 1)) {
                    let error = ReadError::new("kustomize takes no `%YAML` directive but `%YAML 1.1`", span);
                    return Err(error.help("remove the line"));
                }
                self.start = span;
                self.root = None;
                self.shared.forget_anchors();
                Ok(())
            }
            Event::DocumentEnd => {
                let root = self.root.take().unwrap_or_default();
                let span = Span::new(self.start.start, span.end.max(root.span.end));
                let duplicate_keys = std::mem::take(&mut self.duplicate_keys);
                self.documents.push(Document { root, span, duplicate_keys });
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let made = self.scalar(&text, style, tag.as_deref(), span)?;
                self.shared.define(anchor, &made)?;
                self.place(made)
            }
            Event::SequenceStart(style, anchor, _) => self.open(Frame::sequence, style, anchor, span),
            Event::MappingStart(style, anchor, _) => self.open(Frame::mapping, style, anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                let mut made = self.shared.copy(anchor, span)?;
                made.node.span = span;
                self.place(made)
            }
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        frame: impl Fn(&Parts, Span, bool, usize, usize) -> Frame,
        style: StructureStyle,
        anchor: usize,
        span: Span,
    ) -> Result<(), ReadError> {
        if self.frames.len() >= self.depth {
            return Err(refuse::depth(self.depth, span));
        }
        if self.frames.last().is_some_and(Frame::wants_key) {
            return Err(compose::not_a_key(span));
        }
        self.shared.count(0);
        let is_flow = style == StructureStyle::Flow;
        self.frames.push(frame(&self.parts, span, is_flow, anchor, self.shared.weight()));
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), ReadError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let anchor = frame.anchor;
        let made = frame.close(end, &mut self.parts, &mut self.shared, &mut self.duplicate_keys)?;
        if self.frames.len() + made.height > self.depth {
            return Err(refuse::depth(self.depth, made.node.span));
        }
        self.shared.define(anchor, &made)?;
        self.place(made)
    }

    fn place(&mut self, made: Made) -> Result<(), ReadError> {
        if self.frames.len() + made.height > self.depth {
            return Err(refuse::depth(self.depth, made.node.span));
        }
        if let Some(frame) = self.frames.last_mut() {
            return frame.place(made, &mut self.parts, self.text);
        }
        self.root = Some(made.node);
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&SourceTag>,
        span: Span,
    ) -> Result<Made, ReadError> {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            ScalarStyle::Plain => Style::Plain,
        };
        let absent = style == Style::Plain && span.start == span.end;
        let mut text = if absent { "" } else { text };
        if self.unterminated && matches!(style, Style::Literal | Style::Folded) && span.end as usize == self.text.len()
        {
            // go-yaml adds no line break that the file does not have.
            text = text.strip_suffix('\n').unwrap_or(text);
        }
        let in_flow = self.frames.last().is_some_and(|frame| frame.flow);
        let tag = match tag {
            Some(tag) => explicit(tag.handle(), tag.suffix(), text, style)
                .map_err(|name| ReadError::new(format!("`{text}` is no {name}"), span))?,
            None if style != Style::Plain => Tag::Str,
            // Kustomize prints what it read once more before it decides: in `{a: }` it prints `''`, hence a string.
            None if absent && in_flow => Tag::Str,
            // There it also puts quotes around a colon, so a time of day is no time any more.
            None => match resolve(text) {
                Tag::Timestamp if in_flow && text.contains(':') => Tag::Str,
                tag => tag,
            },
        };
        // What a written tag makes of a text in quotes, quotes no longer change.
        let style = if tag == Tag::Str { style } else { Style::Plain };
        self.shared.count(text.len());
        let text = self.shared.text(text);
        Ok(Made::scalar(Node { value: Value::Scalar(Scalar { text, tag, style }), span }))
    }
}
