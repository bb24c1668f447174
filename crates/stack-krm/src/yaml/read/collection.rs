//! Lists and maps, from the token behind their first one to their last one.

use stack_source::Span;

use super::compose::{Composer, Failed, Place, Properties, Shape};
use super::mapping::{Entries, as_key};
use super::scan::Token;
use super::{ReadError, refuse};
use crate::yaml::Value;

/// A list or a map that was read.
pub(super) struct Filled {
    pub(super) value: Value,
    /// Where it ends.
    pub(super) end: u32,
    /// The levels of lists and maps inside of it.
    pub(super) height: usize,
}

impl Composer<'_> {
    pub(super) fn block_sequence(&mut self, at: Span) -> Result<Filled, Failed> {
        self.dashes(at, true)
    }

    /// A list whose dashes stand below the key that it belongs to.
    pub(super) fn unindented_sequence(&mut self, at: Span) -> Result<Filled, Failed> {
        self.dashes(at, false)
    }

    fn dashes(&mut self, at: Span, is_indented: bool) -> Result<Filled, Failed> {
        let first = self.nodes.len();
        let (mut end, mut height) = (at.end, 0);
        loop {
            let next = self.scanner.peek()?;
            match next.token {
                Token::BlockEntry => {}
                Token::BlockEnd if is_indented => {
                    self.scanner.take();
                    break;
                }
                _ if is_indented => return Err(refuse::list(next).into()),
                _ => break,
            }
            let behind = next.span.end;
            self.scanner.take();
            let item = match self.scanner.peek()?.token {
                Token::BlockEntry | Token::BlockEnd => self.nothing(behind),
                Token::Key | Token::Value if !is_indented => self.nothing(behind),
                _ => self.node(Place::Block)?,
            };
            height = height.max(item);
            end = self.nodes.last().map_or(end, |node| node.span.end);
        }
        Ok(Filled { value: Value::Sequence(self.nodes.drain(first..).collect()), end, height })
    }

    pub(super) fn block_mapping(&mut self, at: Span) -> Result<Filled, Failed> {
        let mut entries = Entries::begin(&self.entries);
        let mut height = 0;
        loop {
            let next = self.scanner.peek()?;
            let behind = next.span.end;
            match next.token {
                Token::Key => {}
                Token::BlockEnd => {
                    self.scanner.take();
                    break;
                }
                _ => return Err(refuse::map(next).into()),
            }
            self.scanner.take();
            let is_next = |token: &Token<'_>| matches!(token, Token::Key | Token::Value | Token::BlockEnd);
            let key =
                if is_next(&self.scanner.peek()?.token) { self.nothing(behind) } else { self.node(Place::Value)? };
            let (value, is_alias) = self.value(Place::Value, is_next)?;
            self.entry(&mut entries, is_alias)?;
            height = height.max(key).max(value);
        }
        self.mapping(entries, height, None, at)
    }

    pub(super) fn flow_sequence(&mut self, at: Span) -> Result<Filled, Failed> {
        let first = self.nodes.len();
        let mut height = 0;
        let mut is_first = true;
        let end = loop {
            if let Some(end) = self.flow_end(b']', &mut is_first, at)? {
                break end;
            }
            let next = self.scanner.peek()?;
            let pair = next.span;
            let item = match next.token {
                Token::Close(b']') => continue,
                Token::Key => {
                    let shape = Shape { at: pair, flow: true, fill: Self::flow_pair };
                    self.collection(&Properties::default(), shape)?
                }
                _ => self.node(Place::Flow)?,
            };
            height = height.max(item);
        };
        Ok(Filled { value: Value::Sequence(self.nodes.drain(first..).collect()), end, height })
    }

    /// A key and its value in a list, which are a map.
    fn flow_pair(&mut self, at: Span) -> Result<Filled, Failed> {
        self.scanner.take();
        let mut entries = Entries::begin(&self.entries);
        let next = self.scanner.peek()?;
        let behind = next.span.end;
        let key = if matches!(next.token, Token::Value | Token::FlowEntry | Token::Close(b']')) {
            // go-yaml takes away what it has found instead of a key.
            self.scanner.take();
            self.nothing(behind)
        } else {
            self.node(Place::Flow)?
        };
        let is_next = |token: &Token<'_>| matches!(token, Token::FlowEntry | Token::Close(b']'));
        let (value, is_alias) = self.value(Place::Flow, is_next)?;
        self.entry(&mut entries, is_alias)?;
        self.mapping(entries, key.max(value), None, at)
    }

    pub(super) fn flow_mapping(&mut self, at: Span) -> Result<Filled, Failed> {
        let mut entries = Entries::begin(&self.entries);
        let mut height = 0;
        let mut is_first = true;
        let end = loop {
            if let Some(end) = self.flow_end(b'}', &mut is_first, at)? {
                break end;
            }
            let is_next = |token: &Token<'_>| matches!(token, Token::FlowEntry | Token::Close(b'}'));
            let next = self.scanner.peek()?;
            let (key, (value, is_alias)) = match next.token {
                Token::Close(b'}') => continue,
                Token::Key => {
                    self.scanner.take();
                    let next = self.scanner.peek()?;
                    let at = next.span.start;
                    let is_absent = matches!(next.token, Token::Value) || is_next(&next.token);
                    let key = if is_absent { self.nothing(at) } else { self.node(Place::Flow)? };
                    (key, self.value(Place::Flow, is_next)?)
                }
                _ => {
                    let key = self.node(Place::Flow)?;
                    let at = self.scanner.peek()?.span.start;
                    (key, (self.nothing(at), false))
                }
            };
            self.entry(&mut entries, is_alias)?;
            height = height.max(key).max(value);
        };
        self.mapping(entries, height, Some(end), at)
    }

    /// Where the brackets end, if they do here; goes over the comma before another item otherwise.
    fn flow_end(&mut self, close: u8, is_first: &mut bool, at: Span) -> Result<Option<u32>, Failed> {
        let next = self.scanner.peek()?;
        let end = next.span.end;
        match next.token {
            Token::Close(bracket) if bracket == close => {
                self.scanner.take();
                return Ok(Some(end));
            }
            _ if std::mem::take(is_first) => {}
            Token::FlowEntry => drop(self.scanner.take()),
            _ => return Err(self.unclosed(close, at).into()),
        }
        let next = self.scanner.peek()?;
        match next.token {
            Token::End | Token::DocumentStart | Token::DocumentEnd => Err(self.unclosed(close, at).into()),
            _ => Ok(None),
        }
    }

    /// Brackets that nothing closes where they should.
    fn unclosed(&mut self, close: u8, at: Span) -> ReadError {
        let next = match self.scanner.peek() {
            Ok(next) => next,
            Err(error) => return error,
        };
        let error = refuse::no_comma(next, close);
        let is_open = match next.token {
            Token::End | Token::DocumentStart | Token::DocumentEnd => true,
            // The text goes on with a key in another line.
            Token::Value => !self.scanner.are_in_line(at.start, error.span.start),
            _ => false,
        };
        if is_open { refuse::unclosed(close, at) } else { error }
    }

    /// The levels of lists and maps in the value of a key, and whether it is an alias. `is_next` says what stands behind a value that is not written.
    fn value(&mut self, place: Place, is_next: impl Fn(&Token<'_>) -> bool) -> Result<(usize, bool), Failed> {
        let next = self.scanner.peek()?;
        let mut at = next.span.start;
        if matches!(next.token, Token::Value) {
            if place == Place::Value {
                at = next.span.end;
            }
            self.scanner.take();
            let next = self.scanner.peek()?;
            if !is_next(&next.token) {
                let is_alias = matches!(next.token, Token::Alias(_));
                return Ok((self.node(place)?, is_alias));
            }
            if place == Place::Flow {
                at = next.span.start;
            }
        }
        Ok((self.nothing(at), false))
    }

    /// Puts the two nodes that were read last into their map.
    fn entry(&mut self, entries: &mut Entries, is_alias: bool) -> Result<(), Failed> {
        let value = self.nodes.pop().unwrap_or_default();
        let key = self.nodes.pop().unwrap_or_default();
        Ok(entries.push(as_key(key)?, value, is_alias, &mut self.entries)?)
    }

    fn mapping(&mut self, entries: Entries, height: usize, end: Option<u32>, at: Span) -> Result<Filled, Failed> {
        let (mapping, last) = entries.end(&mut self.entries, &mut self.shared, &mut self.duplicates)?;
        Ok(Filled { value: Value::Mapping(mapping), end: end.or(last).unwrap_or(at.end), height })
    }
}
