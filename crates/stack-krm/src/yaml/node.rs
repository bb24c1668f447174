use std::collections::BTreeSet;

use stack_source::Span;

use super::{Key, Mapping, Sequence, Text};

/// A YAML value and the place where it was written.
///
/// Two nodes are equal when they hold the same content; places and quotes do not count.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// What it holds.
    pub value: Value,
    /// Where it stands in its file; empty for what was made by a program.
    pub span: Span,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One text, number, boolean or null.
    Scalar(Scalar),
    /// A list.
    Sequence(Sequence),
    /// A map, in the order of the file.
    Mapping(Mapping),
}

/// A scalar: its text, and what kind of value go-yaml v3 takes it for.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text after quotes, folds and escapes are gone: `0644` stays `0644`.
    pub text: Text,
    /// What the text was resolved to, or what its explicit tag says.
    pub tag: Tag,
    /// How it was written.
    pub style: Style,
}

/// The kind of a scalar, by the YAML 1.1 rules of go-yaml v3 (`yes` is a string, `0644` is an integer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// `!!null`
    Null,
    /// `!!bool`
    Bool,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!timestamp`
    Timestamp,
    /// `!!str`
    Str,
    /// `!!binary`
    Binary,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// Without quotes.
    #[default]
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Node {}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag && (self.tag == Tag::Null || self.text == other.text)
    }
}

impl Eq for Scalar {}

impl Default for Value {
    fn default() -> Self {
        Self::Scalar(Scalar { text: Text::from("null"), tag: Tag::Null, style: Style::Plain })
    }
}

impl Scalar {
    /// A string, whatever its text looks like.
    pub fn string(text: impl Into<Text>) -> Self {
        Self { text: text.into(), tag: Tag::Str, style: Style::Plain }
    }
}

impl Node {
    /// `null`
    pub fn null() -> Self {
        Self::default()
    }

    /// A string, whatever its text looks like.
    pub fn string(text: impl Into<Text>) -> Self {
        Value::Scalar(Scalar::string(text)).into()
    }

    /// A boolean.
    pub fn bool(value: bool) -> Self {
        let text = Text::from(if value { "true" } else { "false" });
        Value::Scalar(Scalar { text, tag: Tag::Bool, style: Style::Plain }).into()
    }

    /// An integer.
    pub fn int(value: impl Into<i128>) -> Self {
        let text = value.into().to_string().into();
        Value::Scalar(Scalar { text, tag: Tag::Int, style: Style::Plain }).into()
    }

    /// A map with these entries, in this order.
    pub fn mapping<K: Into<Key>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Value::Mapping(entries.into_iter().collect()).into()
    }

    /// A list of these nodes.
    pub fn sequence(nodes: impl IntoIterator<Item = Self>) -> Self {
        Value::Sequence(nodes.into_iter().collect()).into()
    }

    /// The map, where it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The map, where it is one.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match &mut self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The list, where it is one.
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The list, where it is one.
    pub fn as_sequence_mut(&mut self) -> Option<&mut Sequence> {
        match &mut self.value {
            Value::Sequence(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// Whether it is a list or a map that was written in brackets or braces.
    pub fn is_flow(&self) -> bool {
        match &self.value {
            Value::Sequence(sequence) => sequence.flow,
            Value::Mapping(mapping) => mapping.flow,
            Value::Scalar(_) => false,
        }
    }

    /// Has a list or a map stand in brackets or braces, or not; a scalar stays as it is.
    pub fn set_flow(&mut self, flow: bool) {
        match &mut self.value {
            Value::Sequence(sequence) => sequence.flow = flow,
            Value::Mapping(mapping) => mapping.flow = flow,
            Value::Scalar(_) => {}
        }
    }

    /// The scalar, where it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text, where it is a string (a number or boolean is none).
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.tag == Tag::Str).map(|scalar| scalar.text.as_str())
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.tag == Tag::Null)
    }

    /// The value of a key, where the node is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_mapping()?.get(key)
    }

    /// The value of a key, where the node is a map that has it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_mapping_mut()?.get_mut(key)
    }

    /// The value under a path of keys.
    ///
    /// ```
    /// use stack_krm::yaml::Node;
    ///
    /// let object = Node::mapping([("metadata", Node::mapping([("name", Node::string("web"))]))]);
    /// assert_eq!(object.at(["metadata", "name"]).and_then(Node::as_str), Some("web"));
    /// ```
    pub fn at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |node, key| node.get(key))
    }

    /// How deep lists and maps nest here, as [`Limits::depth`](super::Limits::depth) counts: nothing for a scalar.
    pub fn height(&self) -> usize {
        match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(nodes) => 1 + nodes.iter().map(Self::height).max().unwrap_or_default(),
            Value::Mapping(map) => 1 + map.iter().map(|(_, value)| value.height()).max().unwrap_or_default(),
        }
    }

    /// Leaves the last of equal keys in every map, as on the way through JSON.
    pub fn keep_last_of_equal_keys(&mut self) {
        match &mut self.value {
            Value::Scalar(_) => {}
            Value::Sequence(nodes) => nodes.iter_mut().for_each(Self::keep_last_of_equal_keys),
            Value::Mapping(map) => {
                let mut later = BTreeSet::new();
                let is_last: Vec<bool> =
                    map.entries.iter().rev().map(|entry| later.insert(entry.key.scalar.text.clone())).collect();
                let mut is_last = is_last.into_iter().rev();
                map.entries.retain(|_| is_last.next().unwrap_or_default());
                map.entries.iter_mut().for_each(|entry| entry.value.keep_last_of_equal_keys());
            }
        }
    }

    /// What kind of value it is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
            Value::Scalar(scalar) => match scalar.tag {
                Tag::Null => "null",
                Tag::Bool => "a boolean",
                Tag::Int | Tag::Float => "a number",
                Tag::Timestamp => "a date",
                Tag::Str => "a string",
                Tag::Binary => "binary data",
            },
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self { value, span: Span::default() }
    }
}
