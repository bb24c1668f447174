//! Values, and the many ways in which people write them down.

use std::fmt::Write as _;

use super::Dice;

/// A value of a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Written as it stands, whatever that means: `0644`, `!!str 5`, nothing at all.
    Plain(String),
    /// A text, written in any way that keeps it.
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Plain(number.to_string())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Plain(value.to_string())
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// A map, written as in JSON.
macro_rules! map {
    ($($key:tt: $value:expr),* $(,)?) => {
        Value::Map(vec![$(($key.to_owned(), Value::from($value))),*])
    };
}
pub(crate) use map;

impl Value {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Adds an entry, or changes one.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Self>) {
        if let Self::Map(entries) = self {
            entries.retain(|(known, _)| known != key);
            entries.push((key.to_owned(), value.into()));
        }
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Text(text) => text,
            Self::List(_) | Self::Map(_) => "",
        }
    }

    fn is_leaf(&self) -> bool {
        match self {
            Self::Plain(_) | Self::Text(_) => true,
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
        }
    }
}

/// The documents as one text.
pub(crate) fn stream(documents: &[Value], dice: &mut Dice) -> String {
    Writer::new(dice).stream(documents)
}

/// A document without anchors and merge keys.
pub(crate) fn stream_without_anchors(document: Value, dice: &mut Dice) -> String {
    let writer = Writer { is_odd: false, ..Writer::new(dice) };
    writer.stream(&[document])
}

/// Writes documents.
struct Writer<'d> {
    dice: &'d mut Dice,
    out: String,
    anchors: Vec<(String, Value)>,
    /// How many anchors the document has, those of unfinished values included.
    anchored: usize,
    /// Whether the document uses what only YAML has.
    is_odd: bool,
    /// Whether a map of the document merges another.
    merges: bool,
}

impl<'d> Writer<'d> {
    fn new(dice: &'d mut Dice) -> Self {
        let is_odd = dice.one_in(3);
        Self { dice, out: String::new(), anchors: Vec::new(), anchored: 0, is_odd, merges: false }
    }

    fn stream(mut self, documents: &[Value]) -> String {
        if self.dice.one_in(6) {
            self.out.push_str(self.dice.pick(&["---\n", "# first\n---\n", "# first\n", "--- # first\n"]));
        }
        for (index, document) in documents.iter().enumerate() {
            if index > 0 {
                let is_marked = self.is_odd && self.dice.one_in(12);
                self.out.push_str(if is_marked { "...\n%YAML 1.2\n---\n" } else { "---\n" });
            }
            self.anchors.clear();
            self.merges = false;
            self.document(document);
        }
        // kustomize adds an empty line between a block that keeps its own and a comment.
        if self.is_odd && self.dice.one_in(12) && !self.out.ends_with("\n\n") {
            self.out.push_str(self.dice.pick(&["---\n", "...\n", "# last", "\n\n", "---\n# nothing\n"]));
        }
        if self.dice.one_in(10) { self.out.replace('\n', "\r\n") } else { self.out }
    }

    fn document(&mut self, value: &Value) {
        // kustomize takes a patch that begins with `[` for JSON.
        let may_flow = !matches!(value, Value::List(_)) || self.dice.fault_in(2);
        if value.is_leaf() || may_flow && self.dice.one_in(20) {
            self.flow(value);
            self.out.push('\n');
        } else {
            self.block(value, 0);
        }
    }

    fn block(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Map(entries) => {
                // Where one map merges another, more do, so that some merge what merges others.
                if self.is_odd && self.dice.one_in(if self.merges { 3 } else { 12 }) {
                    self.merge(indent);
                }
                for (key, value) in entries {
                    let _ = write!(self.out, "{:indent$}", "");
                    self.key(key);
                    let is_compact = matches!(value, Value::List(_)) && self.dice.one_in(2);
                    self.value(value, indent, is_compact);
                }
            }
            Value::List(values) => {
                for value in values {
                    let _ = write!(self.out, "{:indent$}-", "");
                    match value {
                        Value::Map(entries) if !entries.is_empty() && !self.dice.one_in(8) => {
                            self.in_line(value, indent);
                        }
                        value => self.value(value, indent, false),
                    }
                }
            }
            Value::Plain(_) | Value::Text(_) => self.scalar(value, indent),
        }
        // kustomize adds an empty line between a block that keeps its own and a comment.
        if !self.out.ends_with("\n\n") && self.dice.one_in(60) {
            let _ = writeln!(self.out, "{:indent$}# a comment", "");
        }
    }

    fn merge(&mut self, indent: usize) {
        let maps = self.anchors.iter().filter(|(_, value)| matches!(value, Value::Map(_)));
        let names: Vec<String> = maps.map(|(name, _)| format!("*{name}")).collect();
        let Some(name) = self.dice.choose(&names) else { return };
        self.merges = true;
        let _ = match self.dice.choose(&names).filter(|_| self.dice.one_in(4)) {
            Some(second) => writeln!(self.out, "{:indent$}<<: [{name}, {second}]", ""),
            None => writeln!(self.out, "{:indent$}<<: {name}", ""),
        };
    }

    /// A map that begins on the line of its dash.
    fn in_line(&mut self, value: &Value, indent: usize) {
        let start = self.out.len();
        self.block(value, indent + 2);
        // A comment or a merge key may come first; both may stand behind a dash.
        let from = start + indent + 1;
        self.out.replace_range(start..from, "");
    }

    /// What follows a key or a dash.
    fn value(&mut self, value: &Value, indent: usize, is_compact: bool) {
        if self.is_odd
            && self.dice.one_in(2)
            && let Some((name, _)) = self.anchors.iter().find(|(_, known)| known == value)
        {
            let _ = writeln!(self.out, " *{name}");
            return;
        }
        let anchor = (self.is_odd && !value.text().starts_with('!') && self.dice.one_in(16))
            .then(|| format!("a{}", self.anchored));
        self.anchored += usize::from(anchor.is_some());
        if let Some(name) = &anchor {
            let _ = write!(self.out, " &{name}");
        }
        if value.is_leaf() || self.dice.one_in(16) {
            self.out.push(' ');
            if matches!(value, Value::Plain(_) | Value::Text(_)) {
                self.scalar(value, indent);
            } else {
                self.flow(value);
            }
            // kustomize prints a comment behind a list or a map in braces into the middle of it, and cannot read that.
            if self.dice.one_in(60) && !self.out.ends_with(['\n', '}', ']']) {
                self.out.push_str(" # a comment");
            }
            if !self.out.ends_with('\n') {
                self.out.push('\n');
            }
        } else {
            self.out.push('\n');
            let step = if is_compact { 0 } else { *self.dice.choose(&[2, 2, 2, 4]).unwrap_or(&2) };
            self.block(value, indent + step);
        }
        if let Some(name) = anchor {
            self.anchors.push((name, value.clone()));
        }
    }

    fn key(&mut self, key: &str) {
        if is_plain(key) && !self.dice.one_in(40) {
            self.out.push_str(key);
        } else {
            self.quoted(key);
        }
        self.out.push(':');
    }

    /// A scalar in a block: text may become a block of its own, which ends its line.
    fn scalar(&mut self, value: &Value, indent: usize) {
        let Value::Text(text) = value else {
            self.out.push_str(value.text());
            return;
        };
        let fits_block = !text.is_empty()
            && !text.chars().any(|char| char.is_control() && char != '\n' && char != '\t')
            && !text.starts_with(['\n', ' ', '\t'])
            && !text.lines().any(|line| line.ends_with([' ', '\t']));
        if fits_block && (text.contains('\n') && !self.dice.one_in(4) || self.dice.one_in(50)) {
            let body = text.trim_end_matches('\n');
            let is_flat = !body.split('\n').any(|line| line.starts_with([' ', '\t']));
            // One that is not flat becomes another text, which both builders must read alike; a document becomes none.
            let may_fold = is_flat || !body.contains(": ") || self.dice.fault_in(2);
            let is_folded = may_fold && self.dice.one_in(6);
            let style = if is_folded { '>' } else { '|' };
            let breaks = text.len() - body.len();
            let chomp = ["-", "", "+"][breaks.min(2)];
            let _ = writeln!(self.out, "{style}{chomp}");
            let deep = indent + 2;
            for (index, line) in body.split('\n').enumerate() {
                // A single break would become a space.
                if is_folded && is_flat && index > 0 && !line.is_empty() {
                    self.out.push('\n');
                }
                let gap = if line.is_empty() { 0 } else { deep };
                let _ = writeln!(self.out, "{:gap$}{line}", "");
            }
            for _ in 1..breaks {
                self.out.push('\n');
            }
        } else if is_plain(text) && !self.dice.one_in(12) {
            self.out.push_str(text);
        } else {
            self.quoted(text);
        }
    }

    fn quoted(&mut self, text: &str) {
        let is_single = !text.chars().any(|char| char.is_control() || char == '\u{feff}') && self.dice.one_in(2);
        if is_single {
            let _ = write!(self.out, "'{}'", text.replace('\'', "''"));
            return;
        }
        self.out.push('"');
        for char in text.chars() {
            match char {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(char);
                }
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                char if char.is_control() || !char.is_ascii() && self.dice.one_in(3) => {
                    let _ = write!(self.out, "\\U{:08x}", u32::from(char));
                }
                char => self.out.push(char),
            }
        }
        self.out.push('"');
    }

    fn flow(&mut self, value: &Value) {
        match value {
            Value::Map(entries) => {
                self.out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.key(key);
                    self.out.push(' ');
                    if !matches!(value, Value::Plain(text) if text.is_empty()) || self.dice.one_in(2) {
                        self.flow(value);
                    }
                }
                self.out.push('}');
            }
            Value::List(values) => {
                self.out.push('[');
                for (index, value) in values.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.flow(value);
                }
                self.out.push(']');
            }
            Value::Text(text) if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) => self.out.push_str(text),
            Value::Text(text) => self.quoted(text),
            Value::Plain(text) if text.is_empty() => self.out.push_str("null"),
            Value::Plain(text) => self.out.push_str(text),
        }
    }
}

/// Whether a text can stand without quotes and stays the text that it is.
fn is_plain(text: &str) -> bool {
    let is_word = |char: char| char.is_ascii_alphanumeric() || "-_./$()=*,".contains(char);
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '/' || char == '$')
        && text.chars().all(|char| is_word(char) || char == ' ' || char == ':' || char == '@')
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
        )
}
