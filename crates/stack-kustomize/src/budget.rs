//! How much a build may copy. A value that is copied into itself doubles, so that thirty copies would fill any memory.

use stack_krm::yaml::{Node, Value};

/// What a node counts beside its text, as the reader of YAML counts aliases.
pub(crate) const NODE: usize = 32;

/// What may still be copied: bytes of text, and [`NODE`] for each node.
#[derive(Debug)]
pub(crate) struct Budget {
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
        Self { left: most }
    }

    /// Lets a build copy more for a file that it has read: where objects are many, so are copies of a patch for all of them.
    pub(crate) fn allow_for(&mut self, text: &str) {
        let more = text.len().saturating_mul(16);
        self.left = self.left.saturating_add(more);
    }

    /// An error where so much may not be copied any more.
    pub(crate) fn spend(&mut self, weight: usize) -> Result<(), String> {
        self.left = self
            .left
            .checked_sub(weight)
            .ok_or("copies of values would take too much memory: copy no value into itself, and long ones seldom")?;
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
