use stack_source::Span;

/// How far go-yaml looks for another comment behind one, in bytes.
const LOOK_AHEAD: usize = 512;

/// A place in a text, and what go-yaml takes for a blank or a line break there.
#[derive(Clone)]
pub(in crate::yaml::read) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Where the line starts.
    line: usize,
    /// The column of the place up to which columns are counted.
    column: (usize, usize),
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, start: usize) -> Self {
        let has_mark = text.get(start..).is_some_and(|text| text.starts_with('\u{feff}'));
        let at = if has_mark { start + '\u{feff}'.len_utf8() } else { start };
        Self { text, at, line: at, column: (at, 0) }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Where the line starts.
    pub(in crate::yaml::read) fn line(&self) -> usize {
        self.line
    }

    /// What stands above the line.
    pub(in crate::yaml::read) fn before_line(&self) -> &'a str {
        self.slice(0, self.line)
    }

    pub(super) fn is_at_line_start(&self) -> bool {
        self.at == self.line
    }

    /// How many characters stand before the place in its line.
    pub(super) fn column(&mut self) -> usize {
        let (counted, column) = self.column;
        self.column = (self.at, column + characters(&self.text.as_bytes()[counted..self.at]));
        self.column.1
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The byte so far ahead; 0, which no text has, behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    pub(super) fn is_break(&self) -> bool {
        self.break_at(self.at) > 0
    }

    /// Whether a blank, a line break or the end stands so far ahead.
    pub(super) fn is_white(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | 0) || self.break_at(self.at + ahead) > 0
    }

    /// Whether `---` or `...` stands here as a word of its own.
    pub(super) fn is_document_mark(&self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        self.is_at_line_start() && (rest.starts_with(b"---") || rest.starts_with(b"...")) && self.is_white(3)
    }

    /// The length of the line break there, 0 where there is none.
    fn break_at(&self, at: usize) -> usize {
        match self.text.as_bytes().get(at..).unwrap_or_default() {
            // kustomize makes line feeds of all `\r\n` before it reads, which makes one break of `\r\r\n`.
            [b'\r', b'\r', b'\n', ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
            [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        }
    }

    /// Goes on by so many bytes, which are whole characters of this line.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.text.len());
    }

    /// Goes back to a place of this line.
    pub(super) fn go_back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Goes on while the bytes are so.
    pub(super) fn skip_while(&mut self, is_so: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.byte(0) != 0 && is_so(self.byte(0)) {
            self.at += 1;
        }
        self.from(start)
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Goes on to the next line break or the end.
    pub(super) fn skip_to_break(&mut self) -> &'a str {
        let start = self.at;
        loop {
            self.skip_while(|byte| !matches!(byte, b'\n' | b'\r' | 0xc2 | 0xe2));
            if self.is_at_end() || self.is_break() {
                return self.from(start);
            }
            self.skip_character();
        }
    }

    /// Goes over the comment behind a token in its line, where there is one.
    pub(super) fn skip_line_comment(&mut self) {
        let mut ahead = self.clone();
        ahead.skip_blanks();
        if ahead.byte(0) == b'#' {
            ahead.skip_to_break();
            *self = ahead;
        }
    }

    /// Goes over a comment, and over those in the next lines, tabs before them or not, as far as go-yaml looks ahead.
    pub(super) fn skip_comments(&mut self) {
        loop {
            self.skip_to_break();
            let mut ahead = self.clone();
            while (ahead.is_blank() || ahead.is_break()) && ahead.at - self.at < LOOK_AHEAD {
                if ahead.is_blank() {
                    ahead.skip(1);
                } else {
                    ahead.skip_break();
                }
            }
            if ahead.byte(0) != b'#' {
                return;
            }
            *self = ahead;
        }
    }

    pub(super) fn skip_character(&mut self) {
        self.skip(self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    }

    /// Goes over the line break here, and gives what it is in a scalar.
    pub(super) fn skip_break(&mut self) -> &'a str {
        let length = self.break_at(self.at);
        let is_kept = matches!(self.text.as_bytes().get(self.at), Some(0xe2));
        let found = if is_kept { &self.text[self.at..self.at + length] } else { "\n" };
        self.skip(length);
        self.start_line();
        found
    }

    /// What follows begins a line, as what stands behind the last one does.
    pub(super) fn start_line(&mut self) {
        self.line = self.at;
        self.column = (self.at, 0);
    }

    /// What stands from there to here.
    pub(in crate::yaml::read) fn from(&self, start: usize) -> &'a str {
        self.slice(start, self.at)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// How many characters stand from there to here, or so many bytes where those are no more.
    pub(super) fn distance(&self, start: usize, enough: usize) -> usize {
        let bytes = self.from(start).as_bytes();
        if bytes.len() <= enough { bytes.len() } else { characters(bytes) }
    }

    /// The place from there to the end of its line, and the text.
    pub(in crate::yaml::read) fn line_of(&self, at: usize) -> (Span, &'a str) {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_end();
        (span(at, at + line.len()), line)
    }

    /// From there to here.
    pub(super) fn span(&self, start: usize) -> Span {
        span(start, self.at)
    }

    /// The character here.
    pub(in crate::yaml::read) fn here(&self) -> Span {
        let mut behind = self.clone();
        behind.skip_character();
        behind.span(self.at)
    }
}

pub(in crate::yaml::read) fn span(start: usize, end: usize) -> Span {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}
