//! The changes between the base's objects and an environment's, each about one thing.

use stack_krm::yaml::{Node, Value};
use stack_kustomize::{JsonPatch, Merged, strategic_merge};

use super::concern::{ALL, Concern};
use super::difference::{Operation, operations};
use super::{generator, merge_difference};

/// What happens to one object of the base in an environment, as far as it is about one concern.
pub(super) struct Change<'a> {
    pub(super) concern: Concern,
    /// The object's base form, for kind and name.
    pub(super) object: &'a Node,
    pub(super) how: How,
}

/// How an object changes.
pub(super) enum How {
    /// It is not there.
    Deleted,
    /// Fields of it differ: the operations, and the same as a strategic merge where that gives the same object.
    Changed { operations: Vec<Operation>, merge: Option<Node> },
}

impl Change<'_> {
    pub(super) fn kind(&self) -> &str {
        generator::kind(self.object)
    }

    pub(super) fn name(&self) -> &str {
        generator::name(self.object)
    }
}

pub(super) fn deleted(object: &Node) -> Change<'_> {
    Change { concern: Concern::of_kind(generator::kind(object)).unwrap_or(Concern::Rest), object, how: How::Deleted }
}

/// The changes of one object, one for each concern, to be applied in this order.
pub(super) fn changed<'a>(before: &'a Node, after: &Node) -> Vec<Change<'a>> {
    let kind = generator::kind(before);
    let mut current = before.clone();
    let mut changes = Vec::new();
    for concern in ALL {
        if current == *after {
            break;
        }
        let mut own: Vec<Operation> = operations(&current, after);
        own.retain(|operation| Concern::of(kind, &operation.path) == concern);
        if own.is_empty() {
            continue;
        }
        let mut next = current.clone();
        let patch = Node::sequence(own.iter().map(Operation::node));
        let applied = JsonPatch::new(&patch).and_then(|patch| patch.apply(&mut next));
        if applied.is_err() {
            continue;
        }
        let merge = merge_patch(&current, &next);
        changes.push(Change { concern, object: before, how: How::Changed { operations: own, merge } });
        current = next;
    }
    if same_order(&current, after) { changes } else { vec![whole(before, after)] }
}

/// One change for all there is to change: where a list lost elements that stand before changed ones, indices of one concern depend on
/// another's.
fn whole<'a>(before: &'a Node, after: &Node) -> Change<'a> {
    let how = How::Changed { operations: operations(before, after), merge: merge_patch(before, after) };
    Change { concern: Concern::Rest, object: before, how }
}

/// A strategic merge patch, if it gives exactly the wanted object: one that touches a variable moves it to the front, where `$(X)` of
/// those behind it may end.
fn merge_patch(before: &Node, after: &Node) -> Option<Node> {
    let patch = merge_difference::patch(before, after)?;
    let mut merged = before.clone();
    let kept = strategic_merge(&mut merged, &patch).ok()?;
    (matches!(kept, Merged::Kept) && same_order(&merged, after)).then_some(patch)
}

/// Equal, whatever the order of keys in maps.
fn same_order(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Mapping(a), Value::Mapping(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same_order(value, other)))
        }
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_order(a, b))
        }
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        _ => false,
    }
}
