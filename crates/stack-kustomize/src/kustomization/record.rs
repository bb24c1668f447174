//! Records: structs that are read from YAML and written to it, field by field.
//!
//! A record is read as Go's `encoding/json` does: keys in any case, `null` for the default, the last of equal keys wins. What
//! kustomize refuses is noted with its place, and reading goes on, so that an author hears of all faults at once.

use indexmap::IndexMap;
use stack_krm::yaml::{Canonical, Entry, Mapping, Node, Scalar, Style, Tag, Value, canonical};
use stack_source::{Diagnostic, Report, Rule, Span, nearest};

use crate::documents::Source;
use crate::error::Result;
use crate::id_map::{IdMap, IdSet};
use crate::near::spaced;
use crate::rules::{NO_EFFECT, UNKNOWN_FIELD, WRONG_TYPE};

use self::instead::{instead, known_elsewhere};
pub(crate) use self::manner::Manner;
use self::manner::said;

mod instead;
mod manner;

/// What is being read, and what was found wrong so far.
pub(crate) struct Reading<'a> {
    source: Source<'a>,
    manner: Manner,
    /// The field whose value is read.
    key: &'static str,
    /// Whether it is a field of a struct that Go inlines, or stands in one. Its YAML reader makes texts of numbers where a string is
    /// wanted, but takes the inlined struct for what is wanted there.
    is_inlined: bool,
    pub(crate) faults: Report,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(source: Source<'a>, manner: Manner) -> Self {
        Self { source, manner, key: "", is_inlined: false, faults: Report::new() }
    }

    /// What was read, unless something is wrong with it; what is only said goes to the warnings.
    pub(crate) fn finish<T>(self, read: T, warnings: &mut Report) -> Result<T> {
        if self.faults.has_errors() {
            return Err(self.faults.into());
        }
        warnings.append(self.faults);
        Ok(read)
    }

    pub(crate) fn fault(&mut self, rule: &'static Rule, message: String, span: Span, help: Option<String>) {
        self.faults.add(Diagnostic::new(rule, message).at(self.source.at(span)).maybe_help(help));
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        self.fault(
            &WRONG_TYPE,
            format!("expected {wanted}, found {}", node.kind()),
            node.span,
            help_for(node, wanted, self.key),
        );
    }

    /// Reads the value of a field.
    pub(crate) fn value<T: Field>(&mut self, node: &Node, is_inlined: bool) -> Option<T> {
        let outside = self.is_inlined;
        self.is_inlined |= is_inlined;
        let value = T::read(node, self);
        self.is_inlined = outside;
        value
    }

    /// Whether a number stands for a string here.
    fn makes_texts(&self) -> bool {
        match self.manner {
            Manner::Kustomization | Manner::InlinedPlugin => false,
            Manner::Configuration | Manner::Replacement | Manner::Plugin => !self.is_inlined,
            Manner::AffixPlugin => true,
        }
    }

    /// The entries of a map; nothing for `null`.
    pub(crate) fn entries<'n>(&mut self, node: &'n Node) -> Option<&'n [Entry]> {
        match &node.value {
            Value::Mapping(mapping) => {
                let goes_to_json = matches!(self.manner, Manner::Kustomization | Manner::Replacement);
                let null = mapping.entries.iter().map(|entry| &entry.key).find(|key| key.scalar.tag == Tag::Null);
                if let Some(key) = null.filter(|_| goes_to_json) {
                    let help = Some("put it in quotes".to_owned());
                    self.fault(&WRONG_TYPE, "a key is null, and JSON has no such key".to_owned(), key.span, help);
                }
                Some(&mapping.entries)
            }
            _ if node.is_null() => None,
            _ => {
                self.wrong(node, "a map");
                None
            }
        }
    }

    /// The fields of a record, that which counts last: of equal keys the last one alone, and of keys that differ in their case the
    /// one that sorts last.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node) -> Option<Vec<&'n Entry>> {
        const FEW: usize = 16;
        let entries = self.entries(node)?;
        let is_met = |(index, entry): (usize, &Entry)| {
            entries[..index].iter().any(|before| before.key.as_str().eq_ignore_ascii_case(entry.key.as_str()))
        };
        if entries.len() <= FEW && !entries.iter().enumerate().any(is_met) {
            return Some(entries.iter().collect());
        }
        let mut last: IdMap<&str, &Entry> = IdMap::default();
        for entry in entries {
            last.insert(entry.key.as_str(), entry);
        }
        let in_one_case: IdSet<String> = last.keys().map(|key| key.to_ascii_lowercase()).collect();
        let mut fields: Vec<&Entry> = last.into_values().collect();
        if in_one_case.len() < fields.len() {
            fields.sort_by_key(|entry| entry.key.as_str());
        }
        Some(fields)
    }

    /// The field that a key means.
    pub(crate) fn field(&mut self, entry: &Entry, known: &[&'static str]) -> Option<&'static str> {
        let key = entry.key.as_str();
        let field = known.iter().copied().find(|field| *field == key);
        let in_any_case = || known.iter().copied().find(|field| field.eq_ignore_ascii_case(key));
        let field = field.or_else(|| in_any_case().filter(|_| self.manner != Manner::AffixPlugin));
        match field {
            Some(field) => self.key = field,
            None => self.unknown(entry, known),
        }
        field
    }

    fn unknown(&mut self, entry: &Entry, known: &[&'static str]) {
        /// What every object may have.
        const OF_OBJECTS: [&str; 4] = ["apiVersion", "kind", "metadata", "creationTimestamp"];
        let key = entry.key.as_str();
        let help = match (known_elsewhere(key, known), nearest(key, known.iter().copied())) {
            (Some(help), _) => help.to_owned(),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("known here: {}", known.join(", ")),
        };
        match self.manner {
            Manner::Kustomization | Manner::Configuration => {
                self.fault(&UNKNOWN_FIELD, format!("there is no field `{key}`"), entry.key.span, Some(help));
            }
            _ if OF_OBJECTS.contains(&key) => {}
            Manner::Replacement | Manner::Plugin | Manner::InlinedPlugin | Manner::AffixPlugin => {
                let message = format!("kustomize does not read the field `{key}` here");
                self.fault(&NO_EFFECT, message, entry.key.span, Some(help));
            }
        }
    }
}

fn is_path(text: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| text.ends_with(ending))
}

fn help_for(node: &Node, wanted: &str, key: &str) -> Option<String> {
    if let Some(help) = instead(node, wanted, key) {
        return Some(help);
    }
    if let (Some(path), "a string") = (node.get("path").and_then(Node::as_str), wanted) {
        return Some(format!("write the path alone: `{path}`"));
    }
    let scalar = node.as_scalar().filter(|scalar| scalar.tag != Tag::Null)?;
    let text = scalar.text.as_str();
    match wanted {
        "a string" => Some(format!("write it in quotes: \"{text}\"")),
        "a map" if is_path(text) => Some(format!("write `path: {text}`")),
        "a map" => spaced(text),
        "a list" if scalar.tag == Tag::Str => match text.strip_prefix('-') {
            Some(entry) if !entry.contains(char::is_whitespace) => Some(format!("write `- {entry}`")),
            Some(_) => Some("put a space behind each `-`".to_owned()),
            None if text.contains('\n') => None,
            None => Some(format!("write `[{text}]`")),
        },
        _ => None,
    }
}

/// A value that stands in a record.
pub(crate) trait Field: Sized {
    /// The value; nothing where the default is meant or a fault was noted.
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self>;

    /// The value as YAML; nothing where it is the default.
    fn write(&self) -> Option<Node>;

    /// The value as YAML where it must stand, as in a list.
    fn write_out(&self) -> Node {
        self.write().unwrap_or_else(|| Node::mapping::<&str>([]))
    }
}

impl Field for String {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        if reading.makes_texts()
            && let Some(text) = node.as_scalar().and_then(|scalar| reading.manner.as_text(scalar))
        {
            return Some(text);
        }
        let is_date = |scalar: &Scalar| scalar.tag == Tag::Timestamp && reading.manner.is_object();
        if let Some(scalar) = node.as_scalar().filter(|scalar| scalar.tag == Tag::Binary || is_date(scalar))
            && let Ok(Canonical::Text(text)) = canonical(scalar)
        {
            return Some(text.into_owned());
        }
        match node.as_scalar() {
            Some(scalar) if reading.manner.tag(scalar) == Tag::Str => Some(scalar.text.to_string()),
            Some(scalar) if scalar.tag == Tag::Null => None,
            Some(scalar) if scalar.tag == Tag::Str => {
                let message = format!("expected a string, found the boolean `{}`", scalar.text);
                reading.fault(&WRONG_TYPE, message, node.span, help_for(node, "a string", reading.key));
                None
            }
            _ => {
                reading.wrong(node, "a string");
                None
            }
        }
    }

    fn write(&self) -> Option<Node> {
        let style = if self.contains('\n') { Style::Literal } else { Style::Plain };
        let scalar = Scalar { text: self.into(), tag: Tag::Str, style };
        (!self.is_empty()).then(|| Value::Scalar(scalar).into())
    }

    fn write_out(&self) -> Node {
        self.write().unwrap_or_else(|| Node::string(""))
    }
}

impl Field for bool {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = node.as_scalar().filter(|scalar| reading.manner.tag(scalar) == Tag::Bool);
        if let Some(scalar) = scalar {
            return Some(scalar.is_true_in_yaml_1_1());
        }
        if reading.manner == Manner::AffixPlugin
            && let Some(is_true) = node.as_str().and_then(said)
        {
            return Some(is_true);
        }
        if !node.is_null() {
            reading.wrong(node, "true or false");
        }
        None
    }

    fn write(&self) -> Option<Node> {
        self.then(|| Node::bool(true))
    }
}

impl Field for i64 {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        if node.as_i64().is_none() && !node.is_null() {
            reading.wrong(node, "a whole number");
        }
        node.as_i64()
    }

    fn write(&self) -> Option<Node> {
        (*self != 0).then(|| Node::int(*self))
    }
}

/// A number that is written even where it is zero: no replicas is a wish.
impl Field for Option<i64> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        i64::read(node, reading).map(Some)
    }

    fn write(&self) -> Option<Node> {
        self.map(Node::int)
    }
}

/// Any value: what this crate carries along and does not look into.
impl Field for Node {
    fn read(node: &Node, _: &mut Reading<'_>) -> Option<Self> {
        Some(node.clone())
    }

    fn write(&self) -> Option<Node> {
        (!self.is_null()).then(|| self.clone())
    }
}

impl<T: Field + Default> Field for Vec<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let Some(nodes) = node.as_sequence() else {
            if !node.is_null() {
                reading.wrong(node, "a list");
            }
            return None;
        };
        // A null in a list is an element all the same: an empty one.
        Some(
            nodes
                .iter()
                .filter_map(|node| if node.is_null() { Some(T::default()) } else { T::read(node, reading) })
                .collect(),
        )
    }

    fn write(&self) -> Option<Node> {
        (!self.is_empty()).then(|| Node::sequence(self.iter().map(Field::write_out)))
    }
}

impl<T: Field + Default> Field for IndexMap<String, T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let entries = reading.entries(node)?;
        // Of equal keys the last one counts, and no other value is looked at.
        let last: IdMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        let mut map = Self::new();
        for entry in last.into_values() {
            let value = if entry.value.is_null() { Some(T::default()) } else { T::read(&entry.value, reading) };
            if let Some(value) = value {
                let key = reading.manner.as_text(&entry.key.scalar);
                map.insert(key.unwrap_or_else(|| entry.key.as_str().to_owned()), value);
            }
        }
        Some(map)
    }

    fn write(&self) -> Option<Node> {
        let entries = self.iter().map(|(key, value)| (key, value.write_out()));
        (!self.is_empty()).then(|| Node::mapping(entries))
    }
}

impl<T: Field + Record> Field for Option<T> {
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        (!node.is_null()).then(|| T::read(node, reading))
    }

    fn write(&self) -> Option<Node> {
        self.as_ref().map(Field::write_out)
    }
}

/// A struct with named fields.
pub(crate) trait Record {}

/// Writes the fields that are not defaults.
pub(crate) fn write(fields: impl IntoIterator<Item = (&'static str, Option<Node>)>) -> Option<Node> {
    let mapping: Mapping = fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    (!mapping.is_empty()).then(|| Value::Mapping(mapping).into())
}

macro_rules! record {
    ($(
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $key:literal $($inlined:ident)?,)*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        $visibility struct $name { $($(#[$field_meta])* $visibility $field: $type,)* }

        impl $crate::kustomization::record::Record for $name {}

        impl $crate::kustomization::record::Field for $name {
            fn read(
                node: &stack_krm::yaml::Node,
                reading: &mut $crate::kustomization::record::Reading<'_>,
            ) -> Option<Self> {
                let mut record = Self::default();
                for entry in reading.fields(node)? {
                    match reading.field(entry, &[$($key),*]) {
                        $(Some($key) => {
                            let is_inlined = !<[&str]>::is_empty(&[$(stringify!($inlined))?]);
                            if let Some(value) = reading.value(&entry.value, is_inlined) {
                                record.$field = value;
                            }
                        })*
                        _ => {}
                    }
                }
                Some(record)
            }

            fn write(&self) -> Option<stack_krm::yaml::Node> {
                $crate::kustomization::record::write([
                    $(($key, $crate::kustomization::record::Field::write(&self.$field))),*
                ])
            }
        }
    )*};
}

pub(crate) use record;
