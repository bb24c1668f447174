//! What kustomize reads past in an operation, and what it does for want of a value.

use stack_krm::yaml::{Mapping, Text};
use stack_source::{Span, meant, nearest};

use super::Operation;

/// The keys of an operation.
const KEYS: [&str; 4] = ["op", "path", "from", "value"];

/// A key that kustomize does not read.
pub(super) type Unread = (Text, Span);

/// What is wrong with an operation though it can be applied.
pub(crate) struct Slip {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) span: Span,
    /// Whether null is put where a value belongs.
    pub(crate) sets_null: bool,
}

/// The keys of an operation that kustomize does not read.
pub(super) fn unread(operation: &Mapping) -> Vec<Unread> {
    let keys = operation.entries.iter().map(|entry| &entry.key);
    keys.filter(|key| !KEYS.contains(&key.as_str())).map(|key| (key.scalar.text.clone(), key.span)).collect()
}

impl Operation {
    /// What an author would want to hear of it.
    pub(super) fn slips(&self) -> impl Iterator<Item = Slip> {
        let lacks_value = self.value.is_none() && matches!(self.op.as_str(), "add" | "replace");
        let is_value = |key: &str| nearest(key, KEYS) == Some("value");
        let is_said = self.unread.iter().any(|(key, _)| is_value(key));
        let unread = self.unread.iter().map(move |(key, span)| {
            let sets_null = lacks_value && is_value(key);
            let message = if sets_null {
                format!("kustomize does not read `{key}`, and sets null: the operation has no `value`")
            } else {
                format!("kustomize does not read `{key}`: an operation has no such key")
            };
            let help = meant(key, KEYS).unwrap_or_else(|| format!("known here: {}", KEYS.join(", ")));
            Slip { message, help: Some(help), span: *span, sets_null }
        });
        let missing = (lacks_value && !is_said).then(|| Slip {
            message: format!("the operation `{}` has no `value`, and kustomize sets null", self.op),
            help: Some("add `value: …`".to_owned()),
            span: self.span,
            sets_null: true,
        });
        unread.chain(missing)
    }

    /// The edit for a key that is missing: the one that was written in its place.
    pub(super) fn meant_by(&self, wanted: &str) -> Option<String> {
        let (key, _) = self.unread.iter().find(|(key, _)| nearest(key, KEYS) == Some(wanted))?;
        Some(format!("write `{wanted}` for `{key}`"))
    }
}
