use std::borrow::Cow;

use super::fold::Fold;
use super::{Scanner, Token};
use crate::yaml::Style;
use crate::yaml::read::{ReadError, refuse};

impl<'a> Scanner<'a> {
    /// A scalar without quotes, which may go on in the lines below. Gives its end, too.
    pub(super) fn plain(&mut self) -> Result<(Token<'a>, usize), ReadError> {
        let indent = self.indent + 1;
        let start = self.cursor.at();
        let mut end = start;
        let mut joined: Option<String> = None;
        let mut fold = Fold::default();
        while !self.cursor.is_document_mark() && self.cursor.byte(0) != b'#' {
            let word = self.cursor.at();
            self.skip_word();
            if self.cursor.at() > word {
                let slice = self.cursor.from(word);
                if fold.is_new_line() {
                    let text = joined.get_or_insert_with(|| self.cursor.slice(start, end).to_owned());
                    fold.write(text);
                    text.push_str(slice);
                } else if let Some(text) = &mut joined {
                    text.push_str(self.cursor.from(end));
                }
                end = self.cursor.at();
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_break() {
                    fold.push(self.cursor.skip_break());
                    continue;
                }
                if fold.is_new_line() && self.cursor.byte(0) == b'\t' && self.column() < indent {
                    return Err(refuse::tab(self.cursor.here()));
                }
                self.cursor.skip(1);
            }
            if !self.is_in_flow() && self.column() < indent {
                break;
            }
        }
        if fold.is_new_line() {
            self.may_start_key = true;
        }
        let text = joined.map_or_else(|| Cow::Borrowed(self.cursor.slice(start, end)), Cow::Owned);
        Ok((Token::Scalar { text, style: Style::Plain }, end))
    }

    /// Goes on to what ends a word: a blank, a line break, `: `, or what separates inside of brackets.
    fn skip_word(&mut self) {
        let in_flow = self.is_in_flow();
        loop {
            self.cursor.skip_while(|byte| {
                !matches!(
                    byte,
                    b' ' | b'\t' | b'\n' | b'\r' | b':' | b',' | b'?' | b'[' | b']' | b'{' | b'}' | 0xc2 | 0xe2
                )
            });
            let ends = match self.cursor.byte(0) {
                b':' => self.cursor.is_white(1),
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => in_flow,
                _ => self.cursor.is_white(0),
            };
            if ends {
                return;
            }
            self.cursor.skip_character();
        }
    }
}
