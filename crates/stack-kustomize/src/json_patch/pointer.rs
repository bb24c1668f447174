//! JSON pointers, as the library of kustomize reads them: what stands before the first slash is left out, and an index below zero counts
//! from the end.

use stack_krm::yaml::{Node, Value};

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
        Value::Mapping(map) => map.get(part),
        Value::Sequence(list) => list.get(index(part, list.len())?),
        Value::Scalar(_) => None,
    }
}

pub(super) fn child_mut<'n>(node: &'n mut Node, part: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::Mapping(map) => map.get_mut(part),
        Value::Sequence(list) => {
            let place = index(part, list.len())?;
            list.get_mut(place)
        }
        Value::Scalar(_) => None,
    }
}

pub(super) fn get<'n>(container: &'n Node, key: &str) -> Result<Option<&'n Node>, String> {
    match &container.value {
        Value::Mapping(map) => Ok(map.get(key)),
        Value::Sequence(list) => match index(key, list.len()) {
            Some(place) => Ok(list.get(place)),
            None => Err(format!("there is no index `{key}` in a list of {}", list.len())),
        },
        Value::Scalar(_) => Ok(None),
    }
}

pub(super) fn remove(container: &mut Node, key: &str) -> Option<Node> {
    match &mut container.value {
        Value::Mapping(map) => map.remove(key),
        Value::Sequence(list) => index(key, list.len()).map(|place| list.remove(place)),
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
