use std::borrow::Cow;

use super::fold::Fold;
use super::{Scanner, Token, span};
use crate::yaml::Style;
use crate::yaml::read::{ReadError, refuse};

/// What a letter behind a backslash stands for.
const ESCAPES: &[(u8, &str)] = &[
    (b'0', "\0"),
    (b'a', "\x07"),
    (b'b', "\x08"),
    (b't', "\t"),
    (b'\t', "\t"),
    (b'n', "\n"),
    (b'v', "\x0b"),
    (b'f', "\x0c"),
    (b'r', "\r"),
    (b'e', "\x1b"),
    (b' ', " "),
    (b'"', "\""),
    (b'\'', "'"),
    (b'\\', "\\"),
    (b'N', "\u{85}"),
    (b'_', "\u{a0}"),
    (b'L', "\u{2028}"),
    (b'P', "\u{2029}"),
];

/// How many hexadecimal digits follow a letter behind a backslash.
const CODES: &[(u8, usize)] = &[(b'x', 2), (b'u', 4), (b'U', 8)];

impl<'a> Scanner<'a> {
    /// A scalar in quotes.
    pub(super) fn quoted(&mut self) -> Result<Token<'a>, ReadError> {
        let quote = self.cursor.byte(0);
        let start = self.cursor.at();
        self.cursor.skip(1);
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        let content = self.cursor.at();
        let plain =
            self.cursor.skip_while(|byte| byte != quote && !matches!(byte, b'\\' | b'\n' | b'\r' | 0xc2 | 0xe2));
        let is_whole = self.cursor.byte(0) == quote && !(quote == b'\'' && self.cursor.byte(1) == quote);
        let text = if is_whole {
            Cow::Borrowed(plain)
        } else {
            self.cursor.go_back_to(content);
            Cow::Owned(self.quoted_text(quote, start)?)
        };
        self.cursor.skip(1);
        Ok(Token::Scalar { text, style })
    }

    /// The text up to the quote that ends it, escapes and line breaks resolved.
    fn quoted_text(&mut self, quote: u8, start: usize) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut fold = Fold::default();
        loop {
            if self.cursor.is_document_mark() || self.cursor.is_at_end() {
                return Err(refuse::open_quotes(span(start, start + 1)));
            }
            while !self.cursor.is_white(0) && self.cursor.byte(0) != quote {
                if quote == b'"' && self.cursor.byte(0) == b'\\' {
                    if self.is_escaped_break() {
                        self.cursor.skip(1);
                        self.cursor.skip_break();
                        fold.escaped();
                        break;
                    }
                    self.escape(&mut text)?;
                } else {
                    let from = self.cursor.at();
                    self.cursor.skip_character();
                    text.push_str(self.cursor.from(from));
                }
            }
            if self.cursor.byte(0) == quote {
                if quote == b'\'' && self.cursor.byte(1) == quote {
                    text.push('\'');
                    self.cursor.skip(2);
                    continue;
                }
                return Ok(text);
            }
            let blanks = self.cursor.at();
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_blank() {
                    self.cursor.skip(1);
                } else {
                    fold.push(self.cursor.skip_break());
                }
            }
            if fold.is_new_line() {
                fold.write(&mut text);
            } else {
                text.push_str(self.cursor.from(blanks));
            }
        }
    }

    fn is_escaped_break(&self) -> bool {
        let mut behind = self.cursor.clone();
        behind.skip(1);
        behind.is_break()
    }

    fn escape(&mut self, text: &mut String) -> Result<(), ReadError> {
        let at = self.cursor.at();
        let letter = self.cursor.byte(1);
        if let Some((_, meaning)) = ESCAPES.iter().find(|(known, _)| *known == letter) {
            text.push_str(meaning);
            self.cursor.skip(2);
            return Ok(());
        }
        let digits = CODES.iter().find(|(known, _)| *known == letter).map(|(_, digits)| *digits);
        self.cursor.skip(1);
        self.cursor.skip_character();
        let code: String = (0..digits.unwrap_or_default())
            .map(|ahead| char::from(self.cursor.byte(ahead)))
            .take_while(char::is_ascii_hexdigit)
            .collect();
        self.cursor.skip(code.len());
        let character = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
        match character.filter(|_| digits == Some(code.len())) {
            Some(character) => text.push(character),
            None => return Err(refuse::escape(self.cursor.from(at), self.cursor.span(at))),
        }
        Ok(())
    }
}
