//! From tokens to documents, by the grammar of go-yaml v3.

use std::borrow::Cow;

use stack_source::Span;

use super::collection::Filled;
use super::scan::{Placed, Scanner, Token};
use super::shared::Shared;
use super::{Document, DuplicateKey, Limits, ReadError, refuse};
use crate::yaml::resolve::{explicit, resolve};
use crate::yaml::{Entry, Node, Scalar, Style, Tag, Text, Value};

/// How many nodes and entries wait for the end of their list or map, mostly.
const ROOM: usize = 16;

/// A failure, small enough to be handed up from lists and maps in each other.
pub(super) type Failed = Box<ReadError>;

/// A node that is complete.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) node: Node,
    /// How many levels of lists and maps it holds, itself included.
    pub(super) height: usize,
    /// What a copy of it costs.
    pub(super) weight: usize,
}

/// What may stand at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anything.
    Block,
    /// Anything, and a list that is not indented.
    Value,
    /// What stands inside of brackets.
    Flow,
}

/// Reads a list or a map from behind its first token, whose place it is given, to its end.
type Fill<'a> = fn(&mut Composer<'a>, Span) -> Result<Filled, Failed>;

/// A list or a map that begins.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) at: Span,
    /// Whether it stands in brackets.
    pub(super) flow: bool,
    pub(super) fill: Fill<'a>,
}

/// What is written before a node.
#[derive(Default)]
pub(super) struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<String>,
}

pub(super) struct Composer<'a> {
    pub(super) scanner: Scanner<'a>,
    limit: usize,
    /// How many lists and maps are open.
    depth: usize,
    /// Whether a document was read.
    has_document: bool,
    /// The handles of tags that the document defines.
    handles: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) duplicates: Vec<DuplicateKey>,
    /// What the lists and maps that are being read hold so far, inner ones behind outer ones. So each of them is allocated once, when
    /// its length is known.
    pub(super) nodes: Vec<Node>,
    pub(super) entries: Vec<Entry>,
    pub(super) shared: Shared<'a>,
}

impl<'a> Composer<'a> {
    pub(super) fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            scanner: Scanner::new(text),
            limit: limits.depth,
            depth: 0,
            has_document: false,
            handles: Vec::new(),
            duplicates: Vec::new(),
            nodes: Vec::with_capacity(ROOM),
            entries: Vec::with_capacity(ROOM),
            shared: Shared::new(limits.copies.saturating_add(text.len().saturating_mul(8))),
        }
    }

    /// Goes on with another part of the text, as if it were a text of its own.
    pub(super) fn begin(&mut self, text: &'a str, start: usize) {
        self.scanner.restart(text, start);
        self.has_document = false;
        self.depth = 0;
        self.handles.clear();
        self.duplicates.clear();
        self.nodes.clear();
        self.entries.clear();
        self.shared.begin();
    }

    /// The next document; nothing at the end.
    pub(super) fn document(&mut self) -> Result<Option<Document>, Failed> {
        let is_first = !std::mem::replace(&mut self.has_document, true);
        while !is_first && matches!(self.scanner.peek()?.token, Token::DocumentEnd) {
            self.scanner.take();
        }
        let next = self.scanner.peek()?;
        let start = next.span;
        match next.token {
            Token::End => return Ok(None),
            Token::Version { .. } | Token::TagDirective { .. } | Token::DocumentStart => self.explicit_document()?,
            _ if is_first => drop(self.node(Place::Block)?),
            _ => return Err(refuse::second_root(start).into()),
        }
        let root = self.nodes.pop().unwrap_or_default();
        self.shared.forget_anchors();
        self.handles.clear();
        let mut end = root.span.end;
        let next = self.scanner.peek()?;
        if matches!(next.token, Token::DocumentEnd) {
            end = next.span.end;
            self.scanner.take();
        }
        let span = Span::new(start.start, end.max(start.start));
        Ok(Some(Document { root, span, duplicate_keys: std::mem::take(&mut self.duplicates) }))
    }

    /// A document that begins with `---`, directives before it.
    fn explicit_document(&mut self) -> Result<(), Failed> {
        let mut has_version = false;
        loop {
            let at = self.scanner.peek()?.span;
            match self.scanner.take().map(|placed| placed.token) {
                Some(Token::DocumentStart) => break,
                Some(Token::Version { unknown: None }) if !has_version => has_version = true,
                Some(Token::Version { unknown: Some(at) }) if !has_version => return Err(refuse::version(at).into()),
                Some(Token::TagDirective { handle, prefix })
                    if self.handles.iter().all(|(known, _)| *known != handle) =>
                {
                    self.handles.push((handle, prefix));
                }
                Some(Token::Version { .. } | Token::TagDirective { .. }) => return Err(refuse::directive(at).into()),
                _ => return Err(refuse::no_document(at).into()),
            }
        }
        let next = self.scanner.peek()?;
        match next.token {
            Token::Version { .. }
            | Token::TagDirective { .. }
            | Token::DocumentStart
            | Token::DocumentEnd
            | Token::End => {
                let at = next.span.start;
                self.nothing(at);
            }
            _ => drop(self.node(Place::Block)?),
        }
        Ok(())
    }

    /// Reads the next node, puts it behind those that were read, and gives the levels of lists and maps that it holds.
    pub(super) fn node(&mut self, place: Place) -> Result<usize, Failed> {
        if matches!(self.scanner.peek()?.token, Token::Alias(_)) {
            return self.alias();
        }
        let (properties, end) = self.properties()?;
        match self.shape(place)? {
            Some(shape) => self.collection(&properties, shape),
            None => self.leaf(&properties, end),
        }
    }

    /// The list or map that begins here, if one does; its first token is taken.
    fn shape(&mut self, place: Place) -> Result<Option<Shape<'a>>, Failed> {
        let next = self.scanner.peek()?;
        let at = next.span;
        let fill: Fill<'a> = match (&next.token, place) {
            (Token::Open(b'['), _) => Self::flow_sequence,
            (Token::Open(_), _) => Self::flow_mapping,
            (Token::BlockSequence, Place::Block | Place::Value) => Self::block_sequence,
            (Token::BlockMapping, Place::Block | Place::Value) => Self::block_mapping,
            (Token::BlockEntry, Place::Value) => {
                return Ok(Some(Shape { at, flow: false, fill: Self::unindented_sequence }));
            }
            _ => return Ok(None),
        };
        let flow = matches!(next.token, Token::Open(_));
        self.scanner.take();
        Ok(Some(Shape { at, flow, fill }))
    }

    fn alias(&mut self) -> Result<usize, Failed> {
        let Some(Placed { token: Token::Alias(name), span }) = self.scanner.take() else { return Ok(0) };
        let Made { node, height, .. } = self.shared.copy(name, span)?;
        self.check_height(height, span)?;
        self.nodes.push(Node { span, ..node });
        Ok(height)
    }

    /// A scalar, which may be empty where it has properties that end there.
    fn leaf(&mut self, properties: &Properties<'a>, end: Option<u32>) -> Result<usize, Failed> {
        let next = self.scanner.peek()?;
        match (&next.token, end) {
            (Token::Scalar { .. }, _) => {
                if let Some(Placed { token: Token::Scalar { text, style }, span }) = self.scanner.take() {
                    self.scalar(properties, &text, style, span)?;
                }
            }
            (_, Some(end)) => self.scalar(properties, "", Style::Plain, Span::new(end, end))?,
            (_, None) => return Err(refuse::content(next).into()),
        }
        Ok(0)
    }

    /// What may stand in the lists and maps that are open.
    fn check_height(&self, height: usize, at: Span) -> Result<(), Failed> {
        if self.depth + height > self.limit { Err(refuse::depth(self.limit, at).into()) } else { Ok(()) }
    }

    /// An anchor and a tag, in any order, and where they end.
    fn properties(&mut self) -> Result<(Properties<'a>, Option<u32>), Failed> {
        let mut found = Properties::default();
        let mut end = None;
        loop {
            match &self.scanner.peek()?.token {
                Token::Anchor(_) if found.anchor.is_none() => {}
                Token::Tag { .. } if found.tag.is_none() => {}
                _ => return Ok((found, end)),
            }
            let Some(Placed { token, span }) = self.scanner.take() else { return Ok((found, end)) };
            end = Some(span.end);
            match token {
                Token::Anchor(name) => found.anchor = Some(name),
                Token::Tag { handle, suffix } => found.tag = Some(self.tag(handle, &suffix, span)?),
                _ => {}
            }
        }
    }

    /// The tag, written out.
    fn tag(&self, handle: &str, suffix: &str, at: Span) -> Result<String, ReadError> {
        let own = self.handles.iter().find(|(known, _)| *known == handle).map(|(_, prefix)| prefix.as_ref());
        let prefix = match (own, handle) {
            (Some(prefix), _) => prefix,
            (None, "" | "!") => handle,
            (None, "!!") => "tag:yaml.org,2002:",
            _ => return Err(refuse::tag(at)),
        };
        Ok([prefix, suffix].concat())
    }

    fn scalar(&mut self, properties: &Properties<'a>, text: &str, style: Style, span: Span) -> Result<(), Failed> {
        let tag = match &properties.tag {
            Some(tag) => {
                explicit(tag, text, style).map_err(|name| ReadError::new(format!("`{text}` is no {name}"), span))?
            }
            None if style != Style::Plain => Tag::Str,
            None => resolve(text),
        };
        // What a written tag makes of a text in quotes, quotes no longer change.
        let style = if tag == Tag::Str { style } else { Style::Plain };
        self.shared.count(text.len());
        let text = Text::from(text);
        let weight = text.len() + 32;
        let node = Node { value: Value::Scalar(Scalar { text, tag, style }), span };
        self.complete(properties.anchor, Made { node, height: 0, weight })
    }

    /// What is there where nothing is written.
    pub(super) fn nothing(&mut self, at: u32) -> usize {
        self.shared.count(0);
        let scalar = Scalar { text: Text::default(), tag: Tag::Null, style: Style::Plain };
        self.nodes.push(Node { value: Value::Scalar(scalar), span: Span::new(at, at) });
        0
    }

    /// A list or a map.
    pub(super) fn collection(&mut self, properties: &Properties<'a>, shape: Shape<'a>) -> Result<usize, Failed> {
        let Shape { at, flow, fill } = shape;
        if self.depth >= self.limit {
            return Err(refuse::depth(self.limit, at).into());
        }
        self.shared.count(0);
        let before = self.shared.weight();
        self.shared.announce(properties.anchor);
        self.depth += 1;
        let filled = fill(self, at)?;
        self.depth -= 1;
        self.close(properties.anchor, at, flow, before, filled)
    }

    fn close(
        &mut self,
        anchor: Option<&'a str>,
        at: Span,
        flow: bool,
        before: usize,
        filled: Filled,
    ) -> Result<usize, Failed> {
        let height = filled.height + 1;
        let weight = self.shared.weight() - before + 32;
        let mut node = Node { value: filled.value, span: Span::new(at.start, filled.end.max(at.start)) };
        node.set_flow(flow);
        self.check_height(height, node.span)?;
        self.complete(anchor, Made { node, height, weight })?;
        Ok(height)
    }

    fn complete(&mut self, anchor: Option<&'a str>, made: Made) -> Result<(), Failed> {
        self.shared.define(anchor, &made)?;
        self.nodes.push(made.node);
        Ok(())
    }
}
