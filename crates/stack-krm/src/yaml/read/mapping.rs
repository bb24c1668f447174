use stack_source::Span;

use super::shared::Shared;
use super::{DuplicateKey, ReadError};
use crate::yaml::merge_key::MERGE;
use crate::yaml::{Entry, Key, Mapping, Node, Scalar, Style, Value};

/// A map that is being read.
pub(super) struct Entries {
    /// Where its entries begin among those of all maps that are being read.
    first: usize,
    merge: Option<Entry>,
    /// Where the last entry ends.
    end: Option<u32>,
}

impl Entries {
    pub(super) fn begin(all: &[Entry]) -> Self {
        Self { first: all.len(), merge: None, end: None }
    }

    pub(super) fn push(
        &mut self,
        key: Key,
        value: Node,
        is_alias: bool,
        all: &mut Vec<Entry>,
    ) -> Result<(), ReadError> {
        let span = key.span;
        self.end = Some(value.span.end.max(span.end));
        if key.as_str() != MERGE {
            all.push(Entry { key, value });
        } else if key.scalar.style != Style::Plain {
            let error = ReadError::new("kustomize drops a quoted `<<` key", key.span);
            return Err(error.help("take the quotes away to merge, or name it otherwise"));
        } else if is_alias && value.as_sequence().is_some() {
            let error = ReadError::new("`<<` merges the alias of a map, and this one is of a list", value.span);
            return Err(error.help("write a list with the aliases of the maps"));
        } else if self.merge.replace(Entry { key, value }).is_some() {
            let error = ReadError::new("a map can have one `<<` key only", span);
            return Err(error.help("write one `<<` with a list of anchors"));
        }
        Ok(())
    }

    /// The map, and where its last entry ends.
    pub(super) fn end(
        self,
        all: &mut Vec<Entry>,
        shared: &mut Shared,
        duplicates: &mut Vec<DuplicateKey>,
    ) -> Result<(Mapping, Option<u32>), ReadError> {
        find_duplicates(&all[self.first..], duplicates);
        let mut mapping: Mapping = all.drain(self.first..).collect();
        match self.merge {
            Some(merge) if shared.is_deferred() => mapping.entries.push(merge),
            Some(merge) => merge_into(&mut mapping, merge.value, shared)?,
            None => {}
        }
        Ok((mapping, self.end))
    }
}

pub(super) fn as_key(node: Node) -> Result<Key, ReadError> {
    match node.value {
        // go-yaml puts quotes around an empty key when it prints, and kustomize reads what it has printed.
        Value::Scalar(scalar) if scalar.text.is_empty() => Ok(Key { scalar: Scalar::string(""), span: node.span }),
        Value::Scalar(scalar) => Ok(Key { scalar, span: node.span }),
        _ => Err(not_a_key(node.span)),
    }
}

fn not_a_key(span: Span) -> ReadError {
    let error = ReadError::new("a list or a map cannot be a key", span);
    error.help("put it in quotes if it is a text, as a template such as `{{ … }}`")
}

/// A few keys are compared with each other; many are sorted first.
fn find_duplicates(entries: &[Entry], duplicates: &mut Vec<DuplicateKey>) {
    let mut add = |first: &Key, second: &Key| {
        duplicates.push(DuplicateKey { first: first.span, second: second.span, key: second.scalar.text.clone() });
    };
    if entries.len() <= 16 {
        for (index, entry) in entries.iter().enumerate() {
            let key = entry.key.as_str();
            if let Some(first) = entries[..index].iter().find(|earlier| earlier.key.as_str() == key) {
                add(&first.key, &entry.key);
            }
        }
        return;
    }
    let mut sorted: Vec<&Key> = entries.iter().map(|entry| &entry.key).collect();
    sorted.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    let mut first = sorted[0];
    for key in &sorted[1..] {
        if key.as_str() == first.as_str() {
            add(first, key);
        } else {
            first = key;
        }
    }
}

/// What the map says itself wins; of several maps that are merged, the first one wins.
fn merge_into(mapping: &mut Mapping, merge: Node, shared: &mut Shared) -> Result<(), ReadError> {
    let span = merge.span;
    let refuse = || ReadError::new("`<<` merges a map or a list of maps", span);
    let maps = match merge.value {
        Value::Mapping(mapping) => vec![mapping],
        Value::Sequence(nodes) => nodes
            .into_iter()
            .map(|node| match node.value {
                Value::Mapping(mapping) => Ok(mapping),
                _ => Err(refuse()),
            })
            .collect::<Result<Vec<_>, _>>()?,
        Value::Scalar(_) => return Err(refuse()),
    };
    shared.merges += 1;
    shared.spend(maps.iter().map(Mapping::len).sum(), span)?;
    mapping.add_missing(maps.into_iter().flat_map(|mapping| mapping.entries));
    Ok(())
}
