use super::style::is_break;

const SPACES: &str = "                                                                ";

/// The text that is being made, and where its last line starts.
pub(super) struct Out<'a> {
    pub(super) text: &'a mut String,
    line: usize,
    width: usize,
}

impl<'a> Out<'a> {
    pub(super) fn new(text: &'a mut String, width: Option<usize>) -> Self {
        Self { line: text.len(), text, width: width.unwrap_or(usize::MAX) }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn newline(&mut self) {
        self.text.push('\n');
        self.line = self.text.len();
    }

    pub(super) fn at_line_start(&self) -> bool {
        self.line == self.text.len()
    }

    pub(super) fn spaces(&mut self, mut count: usize) {
        while count > 0 {
            let some = count.min(SPACES.len());
            self.text.push_str(&SPACES[..some]);
            count -= some;
        }
    }

    /// Whether so many more bytes surely stay inside the width.
    fn fits(&self, bytes: usize) -> bool {
        (self.text.len() - self.line).saturating_add(bytes) <= self.width
    }

    fn column(&self) -> usize {
        self.text[self.line..].chars().count()
    }

    pub(super) fn plain(&mut self, text: &str, indent: usize, fold: bool) {
        if (!fold || self.fits(text.len())) && text.is_ascii() {
            self.push(text);
        } else {
            self.folded(text, indent, fold, false);
        }
    }

    pub(super) fn single(&mut self, text: &str, indent: usize, fold: bool) {
        self.text.push('\'');
        if (!fold || self.fits(text.len())) && text.is_ascii() && !text.contains('\'') {
            self.push(text);
        } else {
            self.folded(text, indent, fold, true);
        }
        self.text.push('\'');
    }

    /// Writes a text without line feeds: breaks it at single spaces behind the width, and indents what follows other breaks.
    fn folded(&mut self, text: &str, indent: usize, fold: bool, quoted: bool) {
        let bytes = text.as_bytes();
        let mut column = self.column();
        let (mut after_space, mut after_break) = (false, false);
        for (at, character) in text.char_indices() {
            if character == ' ' {
                let inner = !quoted || (at > 0 && at + 1 < bytes.len());
                if fold && !after_space && column > self.width && inner && bytes.get(at + 1) != Some(&b' ') {
                    self.newline();
                    self.spaces(indent);
                    column = indent;
                } else {
                    self.text.push(' ');
                    column += 1;
                }
                after_space = true;
                continue;
            }
            if is_break(character) {
                self.text.push(character);
                self.line = self.text.len();
                column = 0;
                after_break = true;
                continue;
            }
            if after_break {
                self.spaces(indent);
                column = indent;
            }
            if quoted && character == '\'' {
                self.text.push('\'');
                column += 1;
            }
            self.text.push(character);
            column += 1;
            (after_space, after_break) = (false, false);
        }
    }

    pub(super) fn double(&mut self, text: &str, indent: usize, fold: bool, astral: bool) {
        self.text.push('"');
        // go-yaml looks for the mark at the start of the text instead of at the character, and so escapes everything behind it.
        let all = text.starts_with('\u{feff}');
        let bytes = text.as_bytes();
        let mut column = self.column();
        let mut after_space = false;
        for (at, character) in text.char_indices() {
            if character == ' ' && !all {
                if fold && !after_space && column > self.width && at > 0 && at + 1 < bytes.len() {
                    self.newline();
                    self.spaces(indent);
                    column = indent;
                    if bytes.get(at + 1) == Some(&b' ') {
                        self.text.push('\\');
                        column += 1;
                    }
                } else {
                    self.text.push(' ');
                    column += 1;
                }
                after_space = true;
                continue;
            }
            after_space = false;
            if all || needs_escape(character, astral) {
                let before = self.text.len();
                self.escape(character);
                column += self.text.len() - before;
            } else {
                self.text.push(character);
                column += 1;
            }
        }
        self.text.push('"');
    }

    fn escape(&mut self, character: char) {
        const SHORT: &[(char, &str)] = &[
            ('\0', "\\0"),
            ('\u{7}', "\\a"),
            ('\u{8}', "\\b"),
            ('\t', "\\t"),
            ('\n', "\\n"),
            ('\u{b}', "\\v"),
            ('\u{c}', "\\f"),
            ('\r', "\\r"),
            ('\u{1b}', "\\e"),
            ('"', "\\\""),
            ('\\', "\\\\"),
            ('\u{85}', "\\N"),
            ('\u{a0}', "\\_"),
            ('\u{2028}', "\\L"),
            ('\u{2029}', "\\P"),
        ];
        if let Some((_, escape)) = SHORT.iter().find(|(known, _)| *known == character) {
            return self.push(escape);
        }
        let code = u32::from(character);
        let escape = match code {
            0..=0xff => format!("\\x{code:02X}"),
            0x100..=0xffff => format!("\\u{code:04X}"),
            _ => format!("\\U{code:08X}"),
        };
        self.push(&escape);
    }

    pub(super) fn literal(&mut self, text: &str, indent: usize) {
        self.text.push('|');
        if text.starts_with(|character| character == ' ' || is_break(character)) {
            self.text.push('2');
        }
        let mut from_end = text.chars().rev();
        match (from_end.next().is_some_and(is_break), from_end.next()) {
            (false, _) => self.text.push('-'),
            (true, Some(before)) if !is_break(before) => {}
            (true, _) => self.text.push('+'),
        }
        self.newline();
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            if !line.is_ascii() {
                self.line_with_breaks(line, indent);
            } else if !line.is_empty() {
                self.spaces(indent);
                self.push(line);
            }
            if lines.peek().is_some() {
                self.newline();
            }
        }
    }

    /// A line that may hold breaks of YAML 1.1: go-yaml indents behind each.
    fn line_with_breaks(&mut self, line: &str, indent: usize) {
        let mut after_break = true;
        for character in line.chars() {
            if after_break && !is_break(character) {
                self.spaces(indent);
            }
            after_break = is_break(character);
            self.text.push(character);
        }
        if after_break {
            self.line = self.text.len();
        }
    }
}

fn needs_escape(character: char, astral: bool) -> bool {
    match character {
        '"' | '\\' => true,
        ' '..='~' => false,
        '\u{a0}'..='\u{fffd}' => matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}'),
        '\u{10000}'.. => !astral,
        _ => true,
    }
}
