//! What an operation may mean that does not apply.

use stack_krm::yaml::{Node, Text, Value};
use stack_source::meant;

use super::Operation;
use super::pointer::{child, parts};
use crate::near::near_key;

/// What an operation may be.
pub(super) const OPERATIONS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

impl Operation {
    /// The edit by which it may apply.
    pub(super) fn help(&self, object: &Node) -> Option<String> {
        let op = self.op.as_str();
        if op.is_empty() {
            return self.meant_by("op");
        }
        if !OPERATIONS.contains(&op) {
            return meant(op, OPERATIONS);
        }
        let from = matches!(op, "move" | "copy").then_some(("from", &self.from));
        let pointers = from.into_iter().chain([("path", &self.path)]);
        let near = |(key, pointer): (_, &Option<Text>)| match pointer {
            None => self.meant_by(key),
            Some(pointer) => near_path(object, pointer).map(|near| format!("did you mean `{near}`?")),
        };
        let missing = (op == "test" && self.value.is_none()).then(|| self.meant_by("value")).flatten();
        pointers.into_iter().find_map(near).or(missing)
    }
}

/// The path that is there and may be meant; nothing where the object has all of it but the last part, and that is near no other.
pub(super) fn near_path(object: &Node, pointer: &str) -> Option<String> {
    if !pointer.starts_with('/') {
        let whole = [format!("/{pointer}"), format!("/{}", pointer.replace('.', "/"))];
        return whole.into_iter().find(|whole| is_there(object, whole));
    }
    let parts = parts(pointer);
    let mut node = object;
    for (index, part) in parts.iter().enumerate() {
        if let Some(next) = child(node, part) {
            node = next;
            continue;
        }
        let near = match &node.value {
            Value::Mapping(map) => near_key(part, &map.entries)?.to_owned(),
            // An element is called by its number, not by its name.
            Value::Sequence(list) => {
                let is_it = |node: &Node| node.get("name").and_then(Node::as_str) == Some(part);
                list.iter().position(is_it)?.to_string()
            }
            Value::Scalar(_) => return None,
        };
        let path = parts[..index].iter().chain([&near]).chain(&parts[index + 1..]);
        let path: String = path.map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect();
        return Some(path);
    }
    None
}

fn is_there(object: &Node, pointer: &str) -> bool {
    parts(pointer).iter().try_fold(object, |node, part| child(node, part)).is_some()
}
