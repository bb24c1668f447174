use stack_source::Span;
use thin_vec::ThinVec;

use super::sequence::exactly;
use super::{Node, Scalar, Text};

/// A map in the order of its file. A key that was written twice stands twice; [`Mapping::get`] finds the first one, as kustomize does
/// in objects and strategic merge patches. What goes through JSON has the last one: [`Node::keep_last_of_equal_keys`].
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Keys and values, in order.
    pub entries: ThinVec<Entry>,
    /// Whether it was written in braces.
    pub flow: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// The key of an entry: a scalar and its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key itself.
    pub scalar: Scalar,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Mapping {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Mapping {}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.scalar == other.scalar
    }
}

impl Eq for Key {}

impl Key {
    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.scalar.text
    }

    /// Whether this is its text. Most keys that are not differ in their length or in how they begin.
    fn is(&self, text: &str) -> bool {
        let own = self.as_str().as_bytes();
        own.len() == text.len() && own.first() == text.as_bytes().first() && own == text.as_bytes()
    }
}

impl<T: Into<Text>> From<T> for Key {
    fn from(text: T) -> Self {
        Self { scalar: Scalar::string(text), span: Span::default() }
    }
}

impl Mapping {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map without entries, and with room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self { entries: ThinVec::with_capacity(count), ..Self::default() }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key.is(key)).map(|entry| &entry.value)
    }

    /// The value of a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key.is(key)).map(|entry| &mut entry.value)
    }

    /// The entry of a key, with the key's place.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.is(key))
    }

    /// Puts a value under a key: in the place of the one that was, else at the end.
    pub fn insert(&mut self, key: impl Into<Key>, value: Node) {
        let key = key.into();
        if let Some(old) = self.get_mut(key.as_str()) {
            *old = value;
            return;
        }
        // Most maps are small and grow by one: a list that grows by itself makes room for several.
        if self.entries.len() < 8 {
            self.entries.reserve_exact(1);
        }
        self.entries.push(Entry { key, value });
    }

    /// Takes a key out; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let index = self.entries.iter().position(|entry| entry.key.is(key))?;
        Some(self.entries.remove(index).value)
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), &entry.value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Into<Key>> FromIterator<(K, Node)> for Mapping {
    fn from_iter<I: IntoIterator<Item = (K, Node)>>(entries: I) -> Self {
        entries.into_iter().map(|(key, value)| Entry { key: key.into(), value }).collect()
    }
}

impl FromIterator<Entry> for Mapping {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: exactly(entries.into_iter()), ..Self::default() }
    }
}
