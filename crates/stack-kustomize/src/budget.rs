//! How much a build may copy. A value that is copied into itself doubles, so that thirty copies would fill any memory.

use stack_krm::yaml::{Node, Value};

/// What a node counts beside its text, as the reader of YAML counts aliases.
pub(crate) const NODE: usize = 32;

/// What may still be copied: bytes of text, and [`NODE`] for each node.
#[derive(Debug)]
pub(crate) struct Budget {
    most: usize,
    left: usize,
}

impl Default for Budget {
    /// For all that the replacements, variables and patches of a build copy.
    fn default() -> Self {
        Self::new(256 << 20)
    }
}

impl Budget {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, left: most }
    }

    /// An error where so much may not be copied any more.
    pub(crate) fn spend(&mut self, weight: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(weight).ok_or_else(|| {
            let most = self.most >> 20;
            format!("copies of values would take more than {most} MiB: copy no value into itself, and long ones seldom")
        })?;
        Ok(())
    }

    /// The same for what is put into so many objects: only into the first it comes without a copy.
    pub(crate) fn spend_for(&mut self, objects: usize, weight: usize) -> Result<(), String> {
        self.spend(weight.saturating_mul(objects.saturating_sub(1)))
    }
}

/// What a copy of a node takes.
pub(crate) fn weight(node: &Node) -> usize {
    let inside = match &node.value {
        Value::Scalar(scalar) => scalar.text.len(),
        Value::Sequence(nodes) => nodes.iter().map(weight).sum(),
        Value::Mapping(map) => map.iter().map(|(key, value)| key.len() + weight(value)).sum(),
    };
    NODE + inside
}
