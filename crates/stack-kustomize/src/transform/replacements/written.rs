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
    /// The place of a part, or of the nearest thing around it that is there.
    pub(super) fn part(&self, steps: &[Step<'_>]) -> Locus {
        let mut part = None;
        for step in steps {
            let node = part.unwrap_or(&self.node);
            let next = match (step, &node.value) {
                (Step::Key(key), Value::Mapping(map)) => {
                    let entries = map.entries.iter().rev();
                    entries
                        .into_iter()
                        .find(|entry| entry.key.as_str().eq_ignore_ascii_case(key))
                        .map(|entry| &entry.value)
                }
                (Step::Index(index), Value::Sequence(list)) => list.get(*index),
                _ => None,
            };
            let Some(next) = next else { break };
            part = Some(next);
        }
        match (&self.at, part) {
            (Locus::File { path, .. }, Some(part)) => Locus::in_file(path.clone(), part.span),
            (at, _) => at.clone(),
        }
    }
}
