use std::borrow::Cow;

use stack_source::Span;

use super::{Scanner, Token, span};
use crate::yaml::Style;
use crate::yaml::read::{ReadError, refuse};

/// The length of a text of some lines.
const ROOM: usize = 256;

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

impl Chomp {
    fn of(mark: u8) -> Option<Self> {
        match mark {
            b'-' => Some(Self::Strip),
            b'+' => Some(Self::Keep),
            _ => None,
        }
    }
}

impl<'a> Scanner<'a> {
    /// A scalar of whole lines. Gives their place, too.
    pub(super) fn block(&mut self) -> Result<(Token<'a>, Span), ReadError> {
        let style = if self.cursor.byte(0) == b'|' { Style::Literal } else { Style::Folded };
        self.cursor.skip(1);
        let mut place = self.cursor.at()..self.cursor.at();
        let (chomp, deeper) = self.block_header()?;
        let mut indent = deeper.map(|deeper| self.indent.max(0) + deeper);
        let (mut text, mut first, mut rest) = (String::with_capacity(ROOM), "", String::new());
        let mut is_deeper = false;
        self.block_breaks(&mut indent, &mut rest)?;
        while self.column() == indent.unwrap_or_default() && !self.cursor.is_at_end() {
            let was_deeper = std::mem::replace(&mut is_deeper, self.cursor.is_blank());
            if style == Style::Folded && !was_deeper && !is_deeper && first == "\n" {
                if rest.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(first);
            }
            text.push_str(&rest);
            rest.clear();
            if place.is_empty() {
                place.start = self.cursor.at();
            }
            text.push_str(self.cursor.skip_to_break());
            place.end = self.cursor.at();
            first = if self.cursor.is_at_end() { "" } else { self.cursor.skip_break() };
            self.block_breaks(&mut indent, &mut rest)?;
        }
        if chomp != Chomp::Strip {
            text.push_str(first);
        }
        if chomp == Chomp::Keep {
            text.push_str(&rest);
        }
        Ok((Token::Scalar { text: Cow::Owned(text), style }, span(place.start, place.end)))
    }

    /// What stands behind `|` or `>`: how the text ends, and how much deeper than its parent it is.
    fn block_header(&mut self) -> Result<(Chomp, Option<isize>), ReadError> {
        let (mut chomp, mut deeper) = (None, None);
        for _ in 0..2 {
            let mark = self.cursor.byte(0);
            if chomp.is_none() && Chomp::of(mark).is_some() {
                chomp = Chomp::of(mark);
            } else if deeper.is_none() && matches!(mark, b'1'..=b'9') {
                deeper = Some(isize::from(mark - b'0'));
            } else {
                break;
            }
            self.cursor.skip(1);
        }
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_to_break();
        }
        if self.cursor.is_break() {
            self.cursor.skip_break();
        } else if !self.cursor.is_at_end() {
            return Err(refuse::block_header(self.cursor.here()));
        }
        Ok((chomp.unwrap_or(Chomp::Clip), deeper))
    }

    /// Empty lines, and the indentation of the line behind them; the first line that is not empty says how deep the text is.
    fn block_breaks(&mut self, indent: &mut Option<isize>, breaks: &mut String) -> Result<(), ReadError> {
        let mut deepest = 0;
        loop {
            while self.cursor.byte(0) == b' ' && indent.is_none_or(|indent| self.column() < indent) {
                self.cursor.skip(1);
            }
            deepest = deepest.max(self.column());
            if self.cursor.byte(0) == b'\t' && indent.is_none_or(|indent| self.column() < indent) {
                return Err(refuse::tab(self.cursor.here()));
            }
            if !self.cursor.is_break() {
                break;
            }
            breaks.push_str(self.cursor.skip_break());
        }
        indent.get_or_insert(deepest.max(self.indent + 1).max(1));
        Ok(())
    }
}
