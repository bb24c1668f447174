//! JSON pointers, as the library of kustomize reads them: what stands before the first slash is left out, and an index below zero counts
//! from the end.

use stack_krm::yaml::{Node, Value};

use crate::steps;

/// How many lists and maps stand above what a path names.
pub(super) fn levels(path: &str) -> usize {
    path.matches('/').count()
}

/// The parts of a path.
pub(super) fn parts(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

pub(super) fn child<'n>(node: &'n Node, part: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Mapping(map) => {
            steps::note(map.len());
            map.get(part)
        }
        Value::Sequence(list) => list.get(index(part, list.len())?),
        Value::Scalar(_) => None,
    }
}

/// The place that an index means in a list of so many; below zero it counts from the end.
pub(super) fn index(text: &str, len: usize) -> Option<usize> {
    let number: i64 = text.parse().ok()?;
    let place = if number < 0 {
        len.checked_sub(usize::try_from(number.unsigned_abs()).ok()?)?
    } else {
        usize::try_from(number).ok()?
    };
    (place < len).then_some(place)
}
