//! From a text to tokens, by the rules of go-yaml v3.
//!
//! YAML 1.2 reads some texts in another way, and other readers are stricter or laxer: what is a break, where a tab may stand, which
//! characters end a word inside of brackets, how far a key may reach. What kustomize refuses must be refused here, and what it takes
//! must be taken, so its scanner is followed rule by rule.

use std::borrow::Cow;
use std::collections::VecDeque;

use stack_source::Span;

use super::{ReadError, refuse};
use crate::yaml::Style;

mod block;
mod cursor;
mod fold;
mod key;
mod plain;
mod property;
mod quoted;

pub(super) use cursor::{Cursor, span};
use key::Level;

/// The smallest parts that have a meaning.
#[derive(Debug)]
pub(super) enum Token<'a> {
    End,
    Version {
        /// The place of the directive, where kustomize does not take what it says.
        unknown: Option<Span>,
    },
    TagDirective {
        handle: &'a str,
        prefix: Cow<'a, str>,
    },
    DocumentStart,
    DocumentEnd,
    /// A list by indentation begins.
    BlockSequence,
    /// A map by indentation begins.
    BlockMapping,
    /// A list or a map by indentation ends.
    BlockEnd,
    /// `[` or `{`
    Open(u8),
    /// `]` or `}`
    Close(u8),
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag {
        handle: &'a str,
        suffix: Cow<'a, str>,
    },
    Scalar {
        text: Cow<'a, str>,
        style: Style,
    },
}

/// A token and its place.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) token: Token<'a>,
    pub(super) span: Span,
}

/// go-yaml reads two tokens more than it needs, so that a comment finds its node; what is wrong there is wrong already.
const AHEAD: usize = 2;

/// How many tokens wait at a time, mostly.
const ROOM: usize = 16;

pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    tokens: VecDeque<Placed<'a>>,
    /// How many tokens were taken away.
    taken: usize,
    has_ended: bool,
    /// The column of the list or map by indentation that is open; -1 outside of all.
    indent: isize,
    indents: Vec<isize>,
    /// What is outside of brackets, then one for each open bracket.
    levels: Vec<Level>,
    may_start_key: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text, 0),
            tokens: VecDeque::with_capacity(ROOM),
            taken: 0,
            has_ended: false,
            indent: -1,
            indents: Vec::new(),
            levels: vec![Level { key: None, last: 0 }],
            may_start_key: true,
        }
    }

    /// Goes on with another part of a text.
    pub(super) fn restart(&mut self, text: &'a str, start: usize) {
        self.cursor = Cursor::new(text, start);
        self.tokens.clear();
        self.taken = 0;
        self.has_ended = false;
        self.indent = -1;
        self.indents.clear();
        self.levels.clear();
        self.levels.push(Level { key: None, last: 0 });
        self.may_start_key = true;
    }

    /// The next token, which stays. Behind the end there is only the end.
    pub(super) fn peek(&mut self) -> Result<&Placed<'a>, ReadError> {
        while !self.has_ended && (self.tokens.len() <= AHEAD || self.head_may_be_key()?) {
            self.fetch()?;
        }
        if self.tokens.is_empty() {
            self.push(Token::End, self.cursor.at());
        }
        Ok(&self.tokens[0])
    }

    /// Takes the next token, after it was looked at.
    pub(super) fn take(&mut self) -> Option<Placed<'a>> {
        self.taken += 1;
        self.tokens.pop_front()
    }

    /// Whether both places are in one line.
    pub(super) fn are_in_line(&self, start: u32, end: u32) -> bool {
        !self.cursor.slice(start as usize, end as usize).contains(['\n', '\r'])
    }

    fn is_in_flow(&self) -> bool {
        self.levels.len() > 1
    }

    fn column(&mut self) -> isize {
        isize::try_from(self.cursor.column()).unwrap_or(isize::MAX)
    }

    fn push(&mut self, token: Token<'a>, start: usize) {
        let span = self.cursor.span(start);
        self.tokens.push_back(Placed { token, span });
    }

    fn fetch(&mut self) -> Result<(), ReadError> {
        let is_entry = self.tokens.back().is_some_and(|last| matches!(last.token, Token::BlockEntry));
        if !self.cursor.is_at_line_start() && !is_entry {
            self.cursor.skip_line_comment();
        }
        self.skip_to_token();
        let column = self.column();
        self.unroll(column);
        let start = self.cursor.at();
        if self.cursor.is_at_end() {
            self.has_ended = true;
            self.cursor.start_line();
            self.unroll(-1);
            self.forget_key()?;
            self.push(Token::End, start);
            return Ok(());
        }
        if self.cursor.is_at_line_start() && (self.cursor.byte(0) == b'%' || self.cursor.is_document_mark()) {
            self.unroll(-1);
            self.forget_key()?;
            self.may_start_key = false;
            let token = match self.cursor.byte(0) {
                b'%' => self.directive()?,
                b'-' => Token::DocumentStart,
                _ => Token::DocumentEnd,
            };
            if !matches!(token, Token::Version { .. } | Token::TagDirective { .. }) {
                self.cursor.skip(3);
            }
            self.push(token, start);
            return Ok(());
        }
        let in_flow = self.is_in_flow();
        match self.cursor.byte(0) {
            bracket @ (b'[' | b'{') => {
                self.save_key()?;
                self.levels.push(Level { key: None, last: self.next() });
                self.indicator(Token::Open(bracket), true);
            }
            bracket @ (b']' | b'}') => {
                self.forget_key()?;
                if in_flow {
                    self.close();
                }
                self.indicator(Token::Close(bracket), false);
            }
            b',' => {
                self.forget_key()?;
                self.indicator(Token::FlowEntry, true);
            }
            b'-' if self.cursor.is_white(1) => {
                if !in_flow {
                    self.begin(Token::BlockSequence, refuse::entry)?;
                }
                self.forget_key()?;
                self.indicator(Token::BlockEntry, true);
            }
            b'?' if in_flow || self.cursor.is_white(1) => {
                if !in_flow {
                    self.begin(Token::BlockMapping, refuse::value)?;
                }
                self.forget_key()?;
                self.indicator(Token::Key, !in_flow);
            }
            b':' if in_flow || self.cursor.is_white(1) => self.value()?,
            b'*' | b'&' => self.content(Self::anchor)?,
            b'!' => self.content(Self::tag)?,
            b'\'' | b'"' => self.content(Self::quoted)?,
            b'|' | b'>' if !in_flow => {
                self.forget_key()?;
                self.may_start_key = true;
                let (token, span) = self.block()?;
                self.tokens.push_back(Placed { token, span });
            }
            b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                return Err(refuse::start(self.cursor.byte(0), self.cursor.here()));
            }
            _ => self.plain_scalar()?,
        }
        Ok(())
    }

    /// Goes over blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            let may_be_tab = self.is_in_flow() || !self.may_start_key;
            self.cursor.skip_while(|byte| byte == b' ' || (may_be_tab && byte == b'\t'));
            if self.cursor.byte(0) == b'#' {
                self.cursor.skip_comments();
            }
            if !self.cursor.is_break() {
                return;
            }
            self.cursor.skip_break();
            if !self.is_in_flow() {
                self.may_start_key = true;
            }
        }
    }

    /// A token of one character.
    fn indicator(&mut self, token: Token<'a>, may_start_key: bool) {
        self.may_start_key = may_start_key;
        let start = self.cursor.at();
        self.cursor.skip(1);
        self.push(token, start);
    }

    /// A token that may be, or begin, a key.
    fn content(&mut self, scan: impl Fn(&mut Self) -> Result<Token<'a>, ReadError>) -> Result<(), ReadError> {
        self.save_key()?;
        self.may_start_key = false;
        let start = self.cursor.at();
        let token = scan(self)?;
        self.push(token, start);
        Ok(())
    }

    fn plain_scalar(&mut self) -> Result<(), ReadError> {
        self.save_key()?;
        self.may_start_key = false;
        let start = self.cursor.at();
        let (token, end) = self.plain()?;
        self.tokens.push_back(Placed { token, span: span(start, end) });
        Ok(())
    }

    /// `:`, which makes a key of what stands before it.
    fn value(&mut self) -> Result<(), ReadError> {
        let level = self.levels.len() - 1;
        if self.is_valid(level)?
            && let Some(key) = self.levels[level].key.take()
        {
            let index = key.token.checked_sub(self.taken);
            self.put(index, Placed { token: Token::Key, span: span(key.at, key.at) });
            self.roll(key.column, index, Token::BlockMapping, key.at);
            self.indicator(Token::Value, false);
            return Ok(());
        }
        let in_flow = self.is_in_flow();
        if !in_flow {
            self.begin(Token::BlockMapping, refuse::value)?;
        }
        self.indicator(Token::Value, !in_flow);
        Ok(())
    }

    /// A list or a map begins here, where the column is deeper than that of its parent.
    fn begin(&mut self, token: Token<'a>, refuse: fn(&Cursor<'a>) -> ReadError) -> Result<(), ReadError> {
        if !self.may_start_key {
            return Err(refuse(&self.cursor));
        }
        let column = self.column();
        self.roll(column, None, token, self.cursor.at());
        Ok(())
    }

    fn roll(&mut self, column: isize, index: Option<usize>, token: Token<'a>, at: usize) {
        if self.is_in_flow() || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.put(index, Placed { token, span: span(at, at) });
    }

    /// Puts a token before another, or at the end.
    fn put(&mut self, index: Option<usize>, placed: Placed<'a>) {
        match index {
            Some(index) => self.tokens.insert(index, placed),
            None => self.tokens.push_back(placed),
        }
    }

    /// The number of the next token.
    fn next(&self) -> usize {
        self.taken + self.tokens.len()
    }

    /// Ends the lists and maps that are deeper than the column.
    fn unroll(&mut self, column: isize) {
        if self.is_in_flow() {
            return;
        }
        while self.indent > column {
            self.push(Token::BlockEnd, self.cursor.at());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
