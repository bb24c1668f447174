use std::fmt;
use std::panic::Location;

use crate::TreePath;

/// A range of bytes in a text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text that the span covers; empty where the span does not lie in `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A line and a column, both counted from one; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from one.
    pub line: u32,
    /// Column in characters, from one.
    pub column: u32,
}

impl LineColumn {
    /// Where the byte `offset` of `text` stands; the end of the text where `offset` lies beyond it.
    pub fn of(text: &str, offset: u32) -> Self {
        let before = &text[..boundary(text, offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: count(before.bytes().filter(|byte| *byte == b'\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }
}

/// The offset, or the nearest one before it at which a character of the text begins.
pub(crate) fn boundary(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the author wrote something: a place in a file, or a call in a Rust program.
///
/// Two loci are always equal: where a thing was written is no part of what it is, so models compare by content.
#[derive(Clone, Debug, Default)]
pub enum Locus {
    /// Nowhere in particular: derived by the tool.
    #[default]
    Derived,
    /// A place in a file of the tree.
    File {
        /// The file.
        path: TreePath,
        /// The place in it.
        span: Span,
    },
    /// A call in the Rust program that built the value.
    Rust(&'static Location<'static>),
}

impl Locus {
    /// A place in a file.
    pub fn in_file(path: TreePath, span: Span) -> Self {
        Self::File { path, span }
    }

    /// The caller of the function that is marked `#[track_caller]`.
    #[track_caller]
    pub fn caller() -> Self {
        Self::Rust(Location::caller())
    }

    /// This place, or the other where this is nowhere in particular.
    #[must_use]
    pub fn or<'a>(&'a self, other: &'a Self) -> &'a Self {
        if matches!(self, Self::Derived) { other } else { self }
    }

    pub(crate) fn order(&self) -> Order<'_> {
        match self {
            Self::File { path, span } => (0, path.as_str(), span.start, span.end),
            Self::Rust(place) => (1, place.file(), place.line(), place.column()),
            Self::Derived => (2, "", 0, 0),
        }
    }
}

/// What loci are ordered by: files first, by path and offset.
pub(crate) type Order<'a> = (u8, &'a str, u32, u32);

impl PartialEq for Locus {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Locus {}
