use std::borrow::Cow;

use super::{Scanner, Token};
use crate::yaml::read::{ReadError, refuse};

/// What names of anchors, tags and directives are made of.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// A part of a version.
fn number(digits: &str) -> Option<u32> {
    const MOST: usize = 9;
    digits.parse().ok().filter(|_| digits.len() <= MOST)
}

impl<'a> Scanner<'a> {
    /// `&name` or `*name`.
    pub(super) fn anchor(&mut self) -> Result<Token<'a>, ReadError> {
        let is_alias = self.cursor.byte(0) == b'*';
        let at = self.cursor.at();
        self.cursor.skip(1);
        let name = self.cursor.skip_while(is_name);
        let ends = matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !(ends || self.cursor.is_white(0)) {
            return Err(refuse::anchor(is_alias, self.cursor.span(at)));
        }
        Ok(if is_alias { Token::Alias(name) } else { Token::Anchor(name) })
    }

    /// `!suffix`, `!handle!suffix` or `!<suffix>`.
    pub(super) fn tag(&mut self) -> Result<Token<'a>, ReadError> {
        let at = self.cursor.at();
        let (handle, suffix);
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip(2);
            (handle, suffix) = ("", self.tag_uri(at)?);
            if suffix.is_empty() || self.cursor.byte(0) != b'>' {
                return Err(refuse::tag(self.cursor.span(at)));
            }
            self.cursor.skip(1);
        } else {
            self.cursor.skip(1);
            self.cursor.skip_while(is_name);
            if self.cursor.byte(0) == b'!' {
                self.cursor.skip(1);
                handle = self.cursor.from(at);
                suffix = self.tag_uri(at)?;
                if suffix.is_empty() {
                    return Err(refuse::tag(self.cursor.span(at)));
                }
            } else {
                self.cursor.go_back_to(at + 1);
                let rest = self.tag_uri(at)?;
                (handle, suffix) = if rest.is_empty() { ("", Cow::Borrowed("!")) } else { ("!", rest) };
            }
        }
        if !self.cursor.is_white(0) {
            return Err(refuse::tag(self.cursor.span(at)));
        }
        Ok(Token::Tag { handle, suffix })
    }

    fn tag_uri(&mut self, at: usize) -> Result<Cow<'a, str>, ReadError> {
        let is_uri = |byte: u8| is_name(byte) || b";/?:@&=+$,.!~*'()[]%".contains(&byte);
        let uri = self.cursor.skip_while(is_uri);
        if !uri.contains('%') {
            return Ok(Cow::Borrowed(uri));
        }
        let refuse = || refuse::tag(self.cursor.span(at));
        let mut bytes = Vec::with_capacity(uri.len());
        let mut rest = uri.as_bytes();
        while let [first, behind @ ..] = rest {
            let escape = behind.get(..2).filter(|_| *first == b'%').map(str::from_utf8);
            match escape {
                Some(Ok(digits)) => {
                    let is_code = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                    let code = u8::from_str_radix(digits, 16).ok().filter(|_| is_code);
                    bytes.push(code.ok_or_else(refuse)?);
                    rest = &behind[2..];
                }
                _ if *first == b'%' => return Err(refuse()),
                _ => {
                    bytes.push(*first);
                    rest = behind;
                }
            }
        }
        String::from_utf8(bytes).map(Cow::Owned).map_err(|_| refuse())
    }

    /// `%YAML` or `%TAG`.
    pub(super) fn directive(&mut self) -> Result<Token<'a>, ReadError> {
        let at = self.cursor.at();
        self.cursor.skip(1);
        let name = self.cursor.skip_while(is_name);
        let token = match name {
            "YAML" => {
                self.cursor.skip_blanks();
                let version = self.cursor.skip_while(|byte| byte.is_ascii_digit() || byte == b'.');
                let numbers = version.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
                let Some(version) = numbers else { return Err(refuse::version(self.cursor.span(at))) };
                Token::Version { unknown: (version != (1, 1)).then(|| self.cursor.span(at)) }
            }
            "TAG" => self.tag_directive(at)?,
            _ => return Err(refuse::directive(self.cursor.span(at))),
        };
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_to_break();
        }
        if !self.cursor.is_white(0) {
            return Err(refuse::directive(self.cursor.span(at)));
        }
        if self.cursor.is_break() {
            self.cursor.skip_break();
        }
        Ok(token)
    }

    /// `%TAG !handle! prefix`
    fn tag_directive(&mut self, at: usize) -> Result<Token<'a>, ReadError> {
        self.cursor.skip_blanks();
        let start = self.cursor.at();
        let is_handle = self.cursor.byte(0) == b'!';
        self.cursor.skip(1);
        let name = self.cursor.skip_while(is_name);
        let is_closed = self.cursor.byte(0) == b'!';
        self.cursor.skip(usize::from(is_closed));
        let handle = self.cursor.from(start);
        let is_separate = self.cursor.is_blank();
        self.cursor.skip_blanks();
        let prefix = self.tag_uri(at)?;
        let is_complete = is_handle && (is_closed || name.is_empty()) && is_separate && !prefix.is_empty();
        if !is_complete || !self.cursor.is_white(0) {
            return Err(refuse::directive(self.cursor.span(at)));
        }
        Ok(Token::TagDirective { handle, prefix })
    }
}
