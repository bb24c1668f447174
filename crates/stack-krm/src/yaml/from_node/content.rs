use std::collections::BTreeMap;

use serde::de::{self, DeserializeSeed, Visitor};

use super::{FieldError, FromNode, key};
use crate::yaml::{Entry, Mapping, Node};

/// The items of a list.
pub(super) struct Items<'de> {
    nodes: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> Items<'de> {
    pub(super) fn new(nodes: &'de [Node]) -> Self {
        Self { nodes: nodes.iter().enumerate() }
    }
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, FieldError> {
        let Some((index, node)) = self.nodes.next() else { return Ok(None) };
        seed.deserialize(FromNode { node }).map(Some).map_err(|error| error.at(node.span).within(&format!("[{index}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.nodes.len())
    }
}

/// The entries of a map; of a key that stands twice, the last one.
pub(super) struct Fields<'de> {
    entries: std::slice::Iter<'de, Entry>,
    last: BTreeMap<&'de str, &'de Entry>,
    value: Option<&'de Entry>,
}

impl<'de> Fields<'de> {
    pub(super) fn new(mapping: &'de Mapping) -> Self {
        let mut last = BTreeMap::new();
        if mapping.len() > 32 {
            last.extend(mapping.entries.iter().map(|entry| (entry.key.as_str(), entry)));
        }
        Self { entries: mapping.entries.iter(), last, value: None }
    }

    fn is_last(&self, entry: &Entry) -> bool {
        let key = entry.key.as_str();
        match self.last.get(key) {
            Some(last) => std::ptr::eq(*last, entry),
            None => !self.entries.as_slice().iter().any(|later| later.key.as_str() == key),
        }
    }
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FieldError> {
        while let Some(entry) = self.entries.next() {
            if self.is_last(entry) {
                self.value = Some(entry);
                return key(&entry.key, seed).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, FieldError> {
        let Some(entry) = self.value.take() else {
            return Err(FieldError::new("a value is asked for before its key".to_owned()));
        };
        let place = |error: FieldError| error.at(entry.value.span).within(entry.key.as_str());
        seed.deserialize(FromNode { node: &entry.value }).map_err(place)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A variant with content: the one entry of a map.
pub(super) struct Variant<'de>(pub(super) &'de Entry);

impl<'de> Variant<'de> {
    fn content(&self) -> FromNode<'de> {
        FromNode { node: &self.0.value }
    }

    fn place(&self, error: FieldError) -> FieldError {
        error.at(self.0.value.span).within(self.0.key.as_str())
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = FieldError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), FieldError> {
        Ok((key(&self.0.key, seed)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'de> {
    type Error = FieldError;

    fn unit_variant(self) -> Result<(), FieldError> {
        if self.0.value.is_null() {
            return Ok(());
        }
        Err(self.place(FieldError::new(format!("`{}` has no content", self.0.key.as_str()))))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, FieldError> {
        seed.deserialize(self.content()).map_err(|error| self.place(error))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, FieldError> {
        de::Deserializer::deserialize_any(self.content(), visitor).map_err(|error| self.place(error))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, FieldError> {
        de::Deserializer::deserialize_any(self.content(), visitor).map_err(|error| self.place(error))
    }
}
