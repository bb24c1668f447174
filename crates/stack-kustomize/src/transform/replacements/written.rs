//! Where replacements and their parts stand.

use stack_krm::yaml::{Node, Value};
use stack_source::Locus;

use crate::kustomization::{ReplacementEntry, Step};

/// A replacement and where it was written.
pub(crate) struct Written {
    pub(crate) entry: ReplacementEntry,
    /// The place of all of it.
    pub(crate) at: Locus,
    /// What was written there: the spans in it are places in the same file.
    pub(crate) node: Node,
}

impl Written {
    /// Whether a part was written.
    pub(super) fn is_there(&self, steps: &[Step<'_>]) -> bool {
        self.nodes(steps).count() == steps.len()
    }

    /// Whether a field is a list.
    pub(super) fn has_list(&self, key: &str) -> bool {
        self.nodes(&[Step::Key(key)]).last().is_some_and(|node| node.as_sequence().is_some())
    }

    /// The place of a part, or of the nearest thing around it that is there.
    pub(super) fn part(&self, steps: &[Step<'_>]) -> Locus {
        match (&self.at, self.nodes(steps).last()) {
            (Locus::File { path, .. }, Some(part)) => Locus::in_file(path.clone(), part.span),
            (at, _) => at.clone(),
        }
    }

    /// What the steps lead to one after the other, as far as it is there.
    fn nodes(&self, steps: &[Step<'_>]) -> impl Iterator<Item = &Node> {
        steps.iter().scan(&self.node, |node, step| {
            *node = match (step, &node.value) {
                (Step::Key(key), Value::Mapping(map)) => {
                    let entry = map.entries.iter().rev().find(|entry| entry.key.as_str().eq_ignore_ascii_case(key));
                    entry.map(|entry| &entry.value)
                }
                (Step::Index(index), Value::Sequence(list)) => list.get(*index),
                _ => None,
            }?;
            Some(*node)
        })
    }
}
