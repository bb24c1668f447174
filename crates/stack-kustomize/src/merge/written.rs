//! How values are written before and after a patch.

use stack_krm::yaml::{Node, Style, Value};
use stack_source::Span;

use super::Patch;
use crate::kyaml::replace;
use crate::shared::is_shared;

/// How a value is written that a patch changes. What comes in its place is written in the same way.
pub(super) struct Written {
    /// Its quotes and its place, where it is a scalar.
    scalar: Option<(Style, Span)>,
    flow: bool,
}

impl Written {
    pub(super) fn of(old: &Node, patch: Patch<'_>) -> Self {
        let is_empty = match &old.value {
            Value::Sequence(list) => list.is_empty(),
            Value::Mapping(map) => map.is_empty(),
            Value::Scalar(_) => false,
        };
        let flow = match patch {
            // An empty list or map is always in brackets, which says nothing.
            Patch::Given(given) if is_empty => given.is_flow(),
            _ => old.is_flow(),
        };
        Self { scalar: old.as_scalar().map(|scalar| (scalar.style, old.span)), flow }
    }

    pub(super) fn again(self, mut new: Node) -> Node {
        match self.scalar {
            Some((style, was)) if new.as_scalar().is_some() => {
                let mut old = Node::string("");
                if let Value::Scalar(scalar) = &mut old.value {
                    scalar.style = style;
                }
                // It stays one with those that shared its value.
                old.span = if is_shared(was) { was } else { new.span };
                replace(&mut old, new);
                old
            }
            _ => {
                new.set_flow(self.flow);
                new
            }
        }
    }
}
