use std::borrow::Cow;
use std::fmt;

use stack_source::Span;

use self::order::sorted;
use self::style::{Quote, Shape};
use self::write::Out;
use super::canonical::{Canonical, canonical, write_float};
use super::folded::folded;
use super::{Entry, Key, Node, Scalar, Style, Tag, Value};

mod json;
mod order;
mod style;
mod write;

/// How a tree is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintOptions {
    /// Keys in go-yaml's natural order instead of the map's own.
    pub sorted: bool,
    /// The column behind which long lines are folded at a space.
    pub width: Option<usize>,
    /// Whose choice of quotes, and of the form of numbers and dates.
    pub dialect: Dialect,
}

/// Whose rules the writer follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// What kustomize writes, byte for byte: values after their way through JSON, quotes as go-yaml v2 sets them.
    Kustomize,
    /// What people read and every reader of YAML 1.1 and 1.2 takes for the same value.
    Portable,
}

impl PrintOptions {
    /// Equal to `kustomize build`.
    pub const KUSTOMIZE: Self = Self { sorted: true, width: Some(80), dialect: Dialect::Kustomize };
    /// For files that people read and compare: the map's order, no folded lines.
    pub const SOURCE: Self = Self { sorted: false, width: None, dialect: Dialect::Portable };
}

/// The tree holds what YAML, or kustomize, cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintError {
    /// What is wrong: a lower-case phrase without a full stop.
    pub message: String,
    /// The place of the value, where it was read from a text.
    pub span: Span,
}

impl fmt::Display for PrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PrintError {}

/// The style in which kustomize writes a text.
pub(super) fn style(text: &str) -> Style {
    match Shape::of(text).kustomize(text, false) {
        Quote::Plain => Style::Plain,
        Quote::Single => Style::Single,
        Quote::Double => Style::Double,
        Quote::Literal => Style::Literal,
    }
}

const DEPTH: usize = 2000;

/// Writes one document, with a line break at its end and no `---`.
///
/// ```
/// use stack_krm::yaml::{Node, PrintOptions, print};
///
/// let object = Node::mapping([("b", Node::string("no")), ("a", Node::sequence([Node::int(1)]))]);
/// let mut text = String::new();
/// print(&object, &PrintOptions::KUSTOMIZE, &mut text)?;
/// assert_eq!(text, "a:\n- 1\nb: \"no\"\n");
/// # Ok::<(), stack_krm::yaml::PrintError>(())
/// ```
pub fn print(node: &Node, options: &PrintOptions, out: &mut String) -> Result<(), PrintError> {
    let mut printer = Printer { out: Out::new(out, options.width), options: *options, room: Vec::new() };
    match &node.value {
        Value::Mapping(mapping) if !mapping.is_empty() => printer.mapping(&mapping.entries, 0, 0),
        Value::Sequence(nodes) if !nodes.is_empty() => printer.sequence(nodes, 0, 0),
        _ => {
            printer.inline(node, 2)?;
            printer.end_line();
            Ok(())
        }
    }
}

struct Printer<'a, 'n> {
    out: Out<'a>,
    options: PrintOptions,
    /// Room for sorting, used again and again.
    room: Vec<Vec<&'n Entry>>,
}

impl<'n> Printer<'_, 'n> {
    /// Entries at a column; the first one starts where the line stands.
    fn mapping(&mut self, entries: &'n [Entry], indent: usize, depth: usize) -> Result<(), PrintError> {
        if depth > DEPTH {
            return Err(PrintError { message: "lists and maps nest too deep".into(), span: entries[0].key.span });
        }
        if !self.options.sorted {
            return entries.iter().enumerate().try_for_each(|(index, entry)| self.entry(entry, index, indent, depth));
        }
        let mut room = self.room.pop().unwrap_or_default();
        sorted(entries, &mut room);
        for (index, entry) in room.iter().enumerate() {
            self.entry(entry, index, indent, depth)?;
        }
        self.room.push(room);
        Ok(())
    }

    fn entry(&mut self, entry: &'n Entry, index: usize, indent: usize, depth: usize) -> Result<(), PrintError> {
        if index > 0 {
            self.out.spaces(indent);
        }
        let long = self.key(&entry.key, indent, depth)?;
        match &entry.value.value {
            Value::Mapping(mapping) if !mapping.is_empty() => {
                if long {
                    self.out.push(" ");
                } else {
                    self.out.newline();
                    self.out.spaces(indent + 2);
                }
                self.mapping(&mapping.entries, indent + 2, depth + 1)
            }
            Value::Sequence(nodes) if !nodes.is_empty() => {
                if long {
                    self.out.push(" ");
                    return self.sequence(nodes, indent + 2, depth + 1);
                }
                self.out.newline();
                self.out.spaces(indent);
                self.sequence(nodes, indent, depth + 1)
            }
            _ => {
                self.out.push(" ");
                self.inline(&entry.value, indent + 2)?;
                self.end_line();
                Ok(())
            }
        }
    }

    /// Items at a column; the first dash stands where the line stands.
    fn sequence(&mut self, nodes: &'n [Node], indent: usize, depth: usize) -> Result<(), PrintError> {
        if depth > DEPTH {
            return Err(PrintError { message: "lists and maps nest too deep".into(), span: nodes[0].span });
        }
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.out.spaces(indent);
            }
            self.out.push("- ");
            match &node.value {
                Value::Mapping(mapping) if !mapping.is_empty() => {
                    self.mapping(&mapping.entries, indent + 2, depth + 1)?;
                }
                Value::Sequence(nodes) if !nodes.is_empty() => self.sequence(nodes, indent + 2, depth + 1)?,
                _ => {
                    self.inline(node, indent + 2)?;
                    self.end_line();
                }
            }
        }
        Ok(())
    }

    /// A literal that ends in a line break has ended its line already.
    fn end_line(&mut self) {
        if !self.out.at_line_start() {
            self.out.newline();
        }
    }

    /// Writes the key with its colon; whether it has the long form.
    fn key(&mut self, key: &Key, indent: usize, depth: usize) -> Result<bool, PrintError> {
        let text = key.as_str();
        let kustomize = self.options.dialect == Dialect::Kustomize;
        if key.scalar.tag != Tag::Str {
            if !kustomize {
                self.scalar(&key.scalar, key.span, indent + 2)?;
                self.out.push(":");
                return Ok(false);
            }
            // At the top kustomize takes the text; further in, it fails.
            if depth > 0 || key.scalar.tag == Tag::Null {
                let message = format!("a key must be a string: write `\"{text}\"` in quotes");
                return Err(PrintError { message, span: key.span });
            }
        }
        let shape = Shape::of(text);
        if kustomize {
            let checked = if shape.is_changed_by_json() { json::key(text) } else { Ok(()) };
            let checked = checked.and_then(|()| json::key_length(text));
            checked.map_err(|message| PrintError { message: message.to_owned(), span: key.span })?;
        }
        let long = text.len() > 128 || shape.has_break();
        if long {
            self.out.push("? ");
            self.write(text, shape, indent + 2, false);
            self.end_line();
            self.out.spaces(indent);
        } else {
            self.write(text, shape, indent + 2, true);
        }
        self.out.push(":");
        Ok(long)
    }

    fn inline(&mut self, node: &Node, indent: usize) -> Result<(), PrintError> {
        match &node.value {
            Value::Mapping(_) => self.out.push("{}"),
            Value::Sequence(_) => self.out.push("[]"),
            Value::Scalar(scalar) => return self.scalar(scalar, node.span, indent),
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span, indent: usize) -> Result<(), PrintError> {
        let text = scalar.text.as_str();
        if scalar.tag == Tag::Str {
            let is_read_again = scalar.style == Style::Folded && self.options.dialect == Dialect::Kustomize;
            let text = if is_read_again { folded(text) } else { Cow::Borrowed(text) };
            return self.string(&text, Shape::of(&text), span, indent);
        }
        if scalar.tag == Tag::Int && is_plain_integer(text) {
            self.out.push(text);
            return Ok(());
        }
        if self.options.dialect == Dialect::Portable {
            match scalar.tag {
                Tag::Float if is_plain_fraction(text) => {
                    self.out.push(text);
                    return Ok(());
                }
                Tag::Timestamp => {
                    self.out.push(text);
                    return Ok(());
                }
                Tag::Binary => {
                    self.out.push("!!binary ");
                    return self.string(text, Shape::of(text), span, indent);
                }
                _ => {}
            }
        }
        match canonical(scalar).map_err(|error| PrintError { message: error.to_string(), span })? {
            Canonical::Null => self.out.push("null"),
            Canonical::Bool(value) => self.out.push(if value { "true" } else { "false" }),
            Canonical::Int(value) => self.out.push(&value.to_string()),
            Canonical::Unsigned(value) => self.out.push(&value.to_string()),
            Canonical::Float(value) => write_float(value, self.out.text),
            Canonical::Text(text) => return self.string(&text, Shape::of(&text), span, indent),
        }
        Ok(())
    }

    fn string(&mut self, text: &str, shape: Shape, span: Span, indent: usize) -> Result<(), PrintError> {
        if shape.is_changed_by_json() && self.options.dialect == Dialect::Kustomize {
            let text = json::text(text).map_err(|message| PrintError { message: message.to_owned(), span })?;
            self.write(&text, Shape::of(&text), indent, false);
        } else {
            self.write(text, shape, indent, false);
        }
        Ok(())
    }

    fn write(&mut self, text: &str, shape: Shape, indent: usize, simple_key: bool) {
        let portable = self.options.dialect == Dialect::Portable;
        let quote = if portable { shape.source(text, simple_key) } else { shape.kustomize(text, simple_key) };
        let fold = self.options.width.is_some() && !simple_key;
        match quote {
            Quote::Plain => self.out.plain(text, indent, fold),
            Quote::Single => self.out.single(text, indent, fold),
            Quote::Double => self.out.double(text, indent, fold, portable),
            Quote::Literal => self.out.literal(text, indent),
        }
    }
}

/// An integer whose text every reader takes for the same: decimal, no sign but `-`, no zero before it, 18 digits at most.
fn is_plain_integer(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => !text.starts_with('-'),
        [b'1'..=b'9', rest @ ..] => rest.len() < 18 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A fraction whose text every reader takes for the same: digits, a point, digits.
fn is_plain_fraction(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.split_once('.').is_some_and(|(whole, part)| {
        digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0')) && text.len() < 16
    })
}
