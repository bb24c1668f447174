use stack_source::Span;

use super::shared::Shared;
use super::{DuplicateKey, ReadError};
use crate::yaml::{Entry, Key, Mapping, Node, Style, Value};

/// A node that is complete.
#[derive(Clone, Default)]
pub(super) struct Made {
    pub(super) node: Node,
    /// How many levels of lists and maps it holds, itself included.
    pub(super) height: usize,
    /// What a copy of it costs.
    pub(super) weight: usize,
}

impl Made {
    pub(super) fn scalar(node: Node) -> Self {
        let weight = node.as_scalar().map_or(0, |scalar| scalar.text.len() + 32);
        Self { node, height: 0, weight }
    }
}

/// A list or a map that is being read.
pub(super) struct Frame {
    open: Open,
    /// Where its parts begin among those of its kind.
    first: usize,
    start: Span,
    pub(super) flow: bool,
    pub(super) anchor: usize,
    before: usize,
    height: usize,
}

enum Open {
    Sequence,
    Mapping { key: Option<Key>, merge: Option<Node> },
}

/// What the lists and maps that are being read hold so far, inner ones behind outer ones. So each of them is allocated once, when its
/// length is known.
#[derive(Default)]
pub(super) struct Parts {
    nodes: Vec<Node>,
    entries: Vec<Entry>,
}

impl Frame {
    pub(super) fn sequence(parts: &Parts, start: Span, flow: bool, anchor: usize, before: usize) -> Self {
        Self { open: Open::Sequence, first: parts.nodes.len(), start, flow, anchor, before, height: 0 }
    }

    pub(super) fn mapping(parts: &Parts, start: Span, flow: bool, anchor: usize, before: usize) -> Self {
        let open = Open::Mapping { key: None, merge: None };
        Self { open, first: parts.entries.len(), start, flow, anchor, before, height: 0 }
    }

    pub(super) fn wants_key(&self) -> bool {
        matches!(self.open, Open::Mapping { key: None, .. })
    }

    /// Puts a node in: as an item, as a key, or as the value of the key before.
    pub(super) fn place(&mut self, made: Made, parts: &mut Parts, text: &str) -> Result<(), ReadError> {
        self.height = self.height.max(made.height);
        match &mut self.open {
            Open::Sequence => parts.nodes.push(made.node),
            Open::Mapping { key, merge } => match key.take() {
                None => *key = Some(as_key(made.node)?),
                Some(key) => {
                    if self.flow {
                        refuse_colon(&key, &made.node, text)?;
                    }
                    if key.as_str() != "<<" {
                        parts.entries.push(Entry { key, value: made.node });
                    } else if key.scalar.style != Style::Plain {
                        let error = ReadError::new("kustomize drops a quoted `<<` key", key.span);
                        return Err(error.help("take the quotes away to merge, or name it otherwise"));
                    } else if made.node.as_sequence().is_some() && made.node.span.of(text).starts_with('*') {
                        let error =
                            ReadError::new("`<<` merges the alias of a map, and this one is of a list", made.node.span);
                        return Err(error.help("write a list with the aliases of the maps"));
                    } else if merge.replace(made.node).is_some() {
                        let error = ReadError::new("a map can have one `<<` key only", key.span);
                        return Err(error.help("write one `<<` with a list of anchors"));
                    }
                }
            },
        }
        Ok(())
    }

    pub(super) fn close(
        self,
        end: Span,
        parts: &mut Parts,
        shared: &mut Shared,
        duplicates: &mut Vec<DuplicateKey>,
    ) -> Result<Made, ReadError> {
        let mut span = Span::new(self.start.start, end.end);
        let value = match self.open {
            Open::Sequence => {
                let nodes = parts.nodes.split_off(self.first);
                let last = nodes.last().map(|node| node.span.end);
                if !self.flow {
                    span.end = last.unwrap_or(span.end);
                }
                Value::Sequence(nodes)
            }
            Open::Mapping { merge, .. } => {
                let mut entries = parts.entries.split_off(self.first);
                find_duplicates(&entries, duplicates);
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end));
                if !self.flow {
                    span.end = last.unwrap_or(span.end);
                }
                if let Some(merge) = merge {
                    merge_into(&mut entries, merge, shared)?;
                }
                Value::Mapping(Mapping { entries })
            }
        };
        span.end = span.end.max(span.start);
        let weight = shared.weight() - self.before + 32;
        Ok(Made { node: Node { value, span }, height: self.height + 1, weight })
    }
}

fn as_key(node: Node) -> Result<Key, ReadError> {
    match node.value {
        Value::Scalar(scalar) => Ok(Key { scalar, span: node.span }),
        _ => Err(not_a_key(node.span)),
    }
}

pub(super) fn not_a_key(span: Span) -> ReadError {
    let error = ReadError::new("a list or a map cannot be a key", span);
    error.help("put it in quotes if it is a text, as a template such as `{{ … }}`")
}

/// `[a:, b]` is a map for YAML 1.2 and text for go-yaml, which kustomize uses.
fn refuse_colon(key: &Key, value: &Node, text: &str) -> Result<(), ReadError> {
    let absent = value.span.start == value.span.end && value.span.start == key.span.end;
    let after = text.as_bytes().get(key.span.end as usize..).unwrap_or_default();
    if absent && key.scalar.style == Style::Plain && matches!(after, [b':', b',' | b']' | b'}', ..]) {
        let message = format!("YAML readers disagree about `{}:` here", key.as_str());
        return Err(ReadError::new(message, key.span).help("put it in quotes"));
    }
    Ok(())
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
fn merge_into(entries: &mut Vec<Entry>, merge: Node, shared: &mut Shared) -> Result<(), ReadError> {
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
            .collect::<Result<_, _>>()?,
        Value::Scalar(_) => return Err(refuse()),
    };
    let own: std::collections::BTreeSet<String> = entries.iter().map(|entry| entry.key.as_str().to_owned()).collect();
    let mut seen = own;
    for entry in maps.into_iter().flat_map(|mapping| mapping.entries) {
        shared.spend(1, span)?;
        if seen.insert(entry.key.as_str().to_owned()) {
            entries.push(entry);
        }
    }
    Ok(())
}
