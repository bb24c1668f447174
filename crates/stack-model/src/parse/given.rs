//! Values and rows: what is decided before the file means anything.
//!
//! A scalar that is one reference, `<value.x>` or `<env.replicas>`, becomes the value's own, with the place where that was given; a
//! reference inside a text is replaced by the value's text as it stands, so that nothing in a value is ever read as a reference.

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::Quantity;
use stack_krm::yaml::{Key, Node, Scalar, Style, Tag, Value as YamlValue};
use stack_source::{Locus, Span, proposal};

use super::{Reader, rule};
use crate::{Given, Piece, Reference, Setting, Template, Value, ValueKind};

/// What references may be replaced by while a file is read.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// The values of the stack; none in a file that has none.
    values: Option<Table>,
    /// Values of which something is wrong that was said already.
    void: Vec<String>,
    /// How many characters and keys were repeated so far.
    repeated: usize,
    /// The row that is read, of a map called `each`.
    row: Option<Row>,
}

/// A file that is repeated into more than this many characters and keys is no stack that anybody wrote.
const MOST_REPEATED: usize = 1_000_000;

/// Settings by name, with the places where they were given; none where that is wrong.
type Table = IndexMap<String, Option<(Setting, Locus)>>;

/// A row of `each`.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The word by which references name it: `env`.
    pub(super) word: String,
    /// The row's own name: `prod`.
    pub(super) name: String,
    /// What it says.
    pub(super) cells: Table,
    /// Where it was written.
    pub(super) at: Locus,
}

/// What a reference is replaced by.
enum Bound {
    /// This, from there.
    To(Setting, Locus),
    /// It names a value or a cell that is not there; these are.
    Unknown(Vec<String>),
    /// What it names is wrong, and that was said.
    Void,
    /// It names neither values nor rows.
    Free,
}

impl Bindings {
    fn bound(&self, reference: &Reference) -> Bound {
        let of = |table: &Table, word: &str, name: &str| match table.get(name) {
            Some(Some((setting, at))) => Bound::To(setting.clone(), at.clone()),
            Some(None) => Bound::Void,
            None => Bound::Unknown(table.keys().map(|known| format!("{word}.{known}")).collect()),
        };
        match (reference.path().as_slice(), &self.values, &self.row) {
            (["value", name], Some(values), _) => of(values, "value", name),
            (["value", name, unit], Some(values), _) => match of(values, "value", name) {
                Bound::To(setting, at) => match in_unit(&setting, unit) {
                    Some(setting) => Bound::To(setting, at),
                    None => Bound::Unknown(vec![format!("value.{name}")]),
                },
                other => other,
            },
            ([word], _, Some(row)) if row.word == *word => Bound::To(Setting::Text(row.name.clone()), row.at.clone()),
            ([word, cell], _, Some(row)) if row.word == *word => of(&row.cells, word, cell),
            _ => Bound::Free,
        }
    }

    fn is_empty(&self) -> bool {
        (self.values.is_none() && self.row.is_none()) || self.repeated > MOST_REPEATED
    }
}

/// How many characters and keys a node has.
fn weight(node: &Node) -> usize {
    1 + match &node.value {
        YamlValue::Scalar(scalar) => scalar.text.len(),
        YamlValue::Sequence(nodes) => nodes.iter().map(weight).sum(),
        YamlValue::Mapping(mapping) => {
            mapping.entries.iter().map(|entry| entry.key.as_str().len() + weight(&entry.value)).sum()
        }
    }
}

/// An amount as a number of its unit: `50Mi` in `Mi` is `50`.
fn in_unit(setting: &Setting, unit: &str) -> Option<Setting> {
    let Setting::Text(text) = setting else { return Some(Setting::Absent) };
    let unit: Quantity = format!("1{unit}").parse().ok()?;
    let amount: Quantity = text.parse().ok()?;
    let (amount, unit) = (amount.thousandths(), unit.thousandths());
    (unit > 0 && amount % unit == 0).then(|| Setting::Text((amount / unit).to_string()))
}

impl Reader<'_> {
    /// Gives the stack's values, and replaces what names them in its file.
    pub(super) fn give(&mut self, values: &IndexMap<String, Value>, given: &Given, root: &mut Node) {
        let place = |name: &String, value: &Value| {
            given.values.get(name).map_or_else(|| value.at.clone(), |(_, at)| at.clone())
        };
        let void = std::mem::take(&mut self.bindings.void);
        let bound = values.iter().map(|(name, value)| {
            let known = !void.contains(name);
            (name.clone(), known.then(|| (value.setting.clone(), place(name, value))))
        });
        self.bindings.values = Some(bound.collect());
        self.replace(root);
    }

    /// Counts what is repeated, and says so where it is too much; then nothing is repeated any more.
    pub(super) fn may_repeat(&mut self, amount: usize, span: Span) -> bool {
        let before = self.bindings.repeated;
        self.bindings.repeated = before.saturating_add(amount);
        let fits = self.bindings.repeated <= MOST_REPEATED;
        if !fits && before <= MOST_REPEATED {
            let message = "what is repeated here makes a stack that is too large";
            let help = "write fewer rows, or shorter values".to_owned();
            self.fault(&rule::EXPANDS_TOO_FAR, span, message, help);
        }
        fits
    }

    /// Reads with a row of `each`, and replaces what names it.
    pub(super) fn with_row(&mut self, row: Row, node: &Node, read: impl FnOnce(&mut Self, &Node)) {
        if !self.may_repeat(weight(node), node.span) {
            return;
        }
        let mut node = node.clone();
        self.bindings.row = Some(row);
        self.replace(&mut node);
        read(self, &node);
        self.bindings.row = None;
    }

    /// Whether a value is not there because something given says so.
    pub(super) fn is_absent(&self, node: &Node) -> bool {
        node.is_null() && self.foreign(node.span).is_some()
    }

    /// The place of what was given, where the span says that something was.
    pub(super) fn foreign(&self, span: Span) -> Option<&Locus> {
        let index = (span.start as usize).checked_sub(self.text.len() + 1)?;
        self.places.get(index)
    }

    fn replace(&mut self, node: &mut Node) {
        match &mut node.value {
            YamlValue::Sequence(nodes) => nodes.iter_mut().for_each(|node| self.replace(node)),
            YamlValue::Mapping(mapping) => {
                for entry in &mut mapping.entries {
                    self.replace_key(&mut entry.key);
                    self.replace(&mut entry.value);
                }
            }
            YamlValue::Scalar(scalar) if scalar.text.contains('<') => {
                let template = Template::parse(&scalar.text);
                if let [Piece::Reference(reference)] = template.pieces() {
                    match self.bound(reference, node.span) {
                        Bound::To(setting, at) => *node = self.given(&setting, at),
                        Bound::Void => *node = self.given(&Setting::Absent, self.at(node.span)),
                        Bound::Unknown(_) | Bound::Free => {}
                    }
                } else {
                    self.check_text(&template, node.span);
                }
            }
            YamlValue::Scalar(_) => {}
        }
    }

    /// What a reference is bound to; says so where it is to nothing.
    fn bound(&mut self, reference: &Reference, span: Span) -> Bound {
        let mut bound = self.bindings.bound(reference);
        if let Bound::To(Setting::Text(text), _) = &bound
            && !self.may_repeat(text.len(), span)
        {
            bound = Bound::Void;
        }
        if let Bound::Unknown(known) = &bound {
            let wanted = reference.to_string();
            let help = proposal(wanted.trim_matches(['<', '>']), known.iter().map(String::as_str));
            let message = format!("{reference} names nothing that is given");
            self.fault(&crate::rule::UNKNOWN_REFERENCE, span, message, help);
        }
        bound
    }

    /// A text needs a text of everything that stands in it.
    fn check_text(&mut self, template: &Template, span: Span) {
        let references: Vec<Reference> = template.references().cloned().collect();
        for reference in references {
            if let Bound::To(Setting::Absent, at) = self.bound(&reference, span) {
                let message = format!("{reference} is absent, and the text around it needs one");
                let fault = stack_source::Diagnostic::new(&rule::INVALID_VALUE, message)
                    .at(self.at(span))
                    .related(at, "absent here")
                    .help("give it a value, or let the reference stand alone");
                self.report.add(fault);
            }
        }
    }

    fn replace_key(&mut self, key: &mut Key) {
        if key.scalar.text.contains('<')
            && let Cow::Owned(text) = self.with_given(&key.scalar.text)
        {
            key.scalar = Scalar::string(text);
        }
    }

    /// A value as a node of its own, with the place where it was given.
    fn given(&mut self, setting: &Setting, at: Locus) -> Node {
        self.places.push(at);
        let number = u32::try_from(self.text.len() + self.places.len()).unwrap_or(u32::MAX);
        let mut node = match setting {
            Setting::Absent => Node::null(),
            Setting::Text(text) => {
                let tag = match text.as_str() {
                    "true" | "false" => Tag::Bool,
                    _ if super::value::whole(text).is_some() => Tag::Int,
                    _ => Tag::Str,
                };
                YamlValue::Scalar(Scalar { text: text.as_str().into(), tag, style: Style::Plain }).into()
            }
        };
        node.span = Span::new(number, number);
        node
    }

    /// A text with what is given in it; the other references stay as they were written.
    pub(super) fn with_given<'n>(&self, text: &'n str) -> Cow<'n, str> {
        if self.bindings.is_empty() || !text.contains('<') {
            return Cow::Borrowed(text);
        }
        let template = self.filled(Template::parse(text));
        if template == Template::parse(text) { Cow::Borrowed(text) } else { Cow::Owned(template.plain()) }
    }

    /// A template with what is given as text of it.
    pub(super) fn filled(&self, template: Template) -> Template {
        if self.bindings.is_empty() {
            return template;
        }
        template.filled(|reference| match self.bindings.bound(reference) {
            Bound::To(Setting::Text(text), _) => Some(text),
            _ => None,
        })
    }

    /// What a scalar says, for a table of values.
    pub(super) fn setting(&mut self, node: &Node) -> Option<Setting> {
        if node.is_null() {
            return Some(Setting::Absent);
        }
        self.text(node).map(Setting::Text)
    }
}

/// `{version: {default: v2, about: …}}`, with what is given; what is given and declared nowhere is a fault where it was given.
pub(super) fn values(reader: &mut Reader<'_>, node: Option<&Node>, given: &Given) -> IndexMap<String, Value> {
    let wanted = "a map of values, as `{host: {type: host, about: …}}`";
    let values = node.and_then(|node| {
        reader.map(node, wanted, |reader, key, node| {
            let at = reader.at(key.span);
            value(reader, node, key.as_str(), given.values.get(key.as_str()), at)
        })
    });
    let values = values.unwrap_or_default();
    for (name, (_, at)) in given.values.iter().filter(|(name, _)| !values.contains_key(*name)) {
        let message = format!("`{name}` is given, and the stack has no such value");
        let help = proposal(name, values.keys().map(String::as_str));
        let fault = stack_source::Diagnostic::new(&rule::INVALID_VALUE, message).at(at.clone()).maybe_help(help);
        reader.report.add(fault);
    }
    values
}

fn value(
    reader: &mut Reader<'_>,
    node: &Node,
    name: &str,
    given: Option<&(Setting, Locus)>,
    at: Locus,
) -> Option<Value> {
    reader.fields(node, "a value", |fields| {
        let kind = fields.read("type", |reader, node| reader.word(node, "a type of value", &ValueKind::words()));
        let is_flag = node.get("default").is_some_and(|node| node.as_bool().is_some());
        let kind = kind.unwrap_or(if is_flag { ValueKind::Flag } else { ValueKind::Text });
        let default = fields.read("default", Reader::setting);
        let about = fields.read("about", Reader::text);
        let default_at = node.get("default").map_or_else(|| at.clone(), |node| fields.reader.at(node.span));
        let (setting, setting_at) = match (given, &default) {
            (Some((setting, at)), _) => (setting.clone(), at.clone()),
            (None, Some(setting)) => (setting.clone(), default_at),
            (None, None) => {
                let about = about.as_deref().map(|about| format!(", {about}")).unwrap_or_default();
                let message = format!("nothing gives value `{name}`{about}");
                let help = format!("give it in an overlay, `values: {{{name}: …}}`, or a `default` here");
                fields.reader.bindings.void.push(name.to_owned());
                fields
                    .reader
                    .report
                    .add(stack_source::Diagnostic::new(&rule::MISSING_VALUE, message).at(at.clone()).help(help));
                (Setting::Absent, at.clone())
            }
        };
        if let Setting::Text(text) = &setting
            && !kind.takes(text)
        {
            let message = format!("`{text}` is no value of `{name}`");
            let (_, example) = kind.wanted().split_once(", as ").unwrap_or(("", kind.wanted()));
            let fault = stack_source::Diagnostic::new(&rule::INVALID_VALUE, message).at(setting_at);
            fields.reader.bindings.void.push(name.to_owned());
            fields.reader.report.add(fault.help(format!("write {example}")));
        }
        Value { kind, default, about, setting, at }
    })
}
