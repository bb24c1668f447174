use stack_krm::yaml::Node;

use super::Reader;
use crate::{Secret, SecretKey};

const NEEDS: &[(&str, bool)] = &[("required", false), ("optional", true)];

/// Keys of a Secret: a list, or a map that says which ones pods start without.
pub(super) fn keys(reader: &mut Reader<'_>, node: &Node) -> Option<Secret> {
    let mut secret = Secret::default();
    if let Some(keys) = node.as_sequence() {
        for node in keys {
            if let Some(key) = reader.name(node) {
                secret.keys.insert(key, SecretKey { optional: false, at: reader.at(node.span) });
            }
        }
        return Some(secret);
    }
    reader.map(node, "a list of keys, or a map as `{api-key: optional}`", |reader, key, node| {
        let name = reader.key(key);
        let optional = reader.word(node, "a kind of key", NEEDS);
        secret.keys.insert(name?, SecretKey { optional: optional?, at: reader.at(key.span) });
        Some(())
    })?;
    Some(secret)
}
