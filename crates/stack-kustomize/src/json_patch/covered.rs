//! Lists and maps that an `add` puts another in the place of: it adds to none that is there.

use stack_krm::yaml::{Mapping, Node, Value};
use stack_source::Span;

use super::Operation;
use super::places::Places;
use crate::id_map::IdSet;

/// Of more elements nobody compares each with each.
const FEW: usize = 64;

/// A list or map that an `add` has covered.
pub(crate) struct Covered {
    pub(crate) path: String,
    /// How many of its entries are lost.
    pub(crate) lost: usize,
    pub(crate) is_list: bool,
    /// The path of the operation.
    pub(crate) span: Span,
}

/// What an operation is about to cover, where something of that is lost.
pub(super) fn covered(operation: &Operation, object: &mut Node, places: &mut Places) -> Option<Covered> {
    let path = operation.path.as_ref().filter(|path| operation.op == "add" && !path.is_empty())?;
    let (container, known, key) = places.find(object, path)?;
    // In a list it stands beside the others.
    container.as_mapping()?;
    let old = known.value(container, &key).ok()??;
    let new = operation.value.as_ref();
    let lost = match &old.value {
        Value::Mapping(map) => {
            let new: IdSet<&str> =
                new.and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter).map(|(key, _)| key).collect();
            map.iter().filter(|(key, _)| !new.contains(key)).count()
        }
        Value::Sequence(list) => {
            let new = new.and_then(Node::as_sequence).unwrap_or_default();
            if list.len().max(new.len()) > FEW {
                list.len().saturating_sub(new.len())
            } else {
                list.iter().filter(|old| !new.contains(old)).count()
            }
        }
        Value::Scalar(_) => 0,
    };
    (lost > 0).then(|| Covered {
        path: path.to_string(),
        lost,
        is_list: old.as_sequence().is_some(),
        span: operation.place,
    })
}
