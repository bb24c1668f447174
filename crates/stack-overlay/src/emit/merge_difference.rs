//! What lies between two objects, as a strategic merge patch.

use stack_krm::yaml::{Mapping, Node, Value};

/// Lists that merge, and the key by which. Only a proposal: a patch is taken only if applying it gives the wanted object.
const MERGE_KEYS: [(&str, &str); 6] = [
    ("containers", "name"),
    ("initContainers", "name"),
    ("env", "name"),
    ("volumes", "name"),
    ("volumeMounts", "mountPath"),
    ("ports", "containerPort"),
];

/// A patch that turns `before` into `after`, without the object's identity; none where both are equal.
pub(super) fn patch(before: &Node, after: &Node) -> Option<Node> {
    (before != after).then(|| difference(None, before, after))
}

fn difference(key: Option<&str>, before: &Node, after: &Node) -> Node {
    match (&before.value, &after.value) {
        (Value::Mapping(old), Value::Mapping(new)) => Value::Mapping(mappings(old, new)).into(),
        (Value::Sequence(old), Value::Sequence(new)) => {
            let merge_key = MERGE_KEYS.iter().find(|(list, _)| Some(*list) == key).map(|(_, merge_key)| *merge_key);
            merge_key.map_or_else(|| after.clone(), |merge_key| lists(merge_key, old, new))
        }
        _ => after.clone(),
    }
}

fn mappings(old: &Mapping, new: &Mapping) -> Mapping {
    let mut patch = Mapping::new();
    for (key, value) in new.iter() {
        match old.get(key) {
            None => patch.insert(key.to_owned(), value.clone()),
            Some(before) if before != value => patch.insert(key.to_owned(), difference(Some(key), before, value)),
            Some(_) => {}
        }
    }
    for (key, _) in old.iter().filter(|(key, _)| new.get(key).is_none()) {
        patch.insert(key.to_owned(), Node::null());
    }
    patch
}

fn lists(merge_key: &str, old: &[Node], new: &[Node]) -> Node {
    let find = |nodes: &[Node], wanted: &Node| {
        nodes.iter().find(|node| node.get(merge_key) == wanted.get(merge_key) && node.get(merge_key).is_some()).cloned()
    };
    let mut patch = Vec::new();
    for after in new {
        match find(old, after) {
            None => patch.push(after.clone()),
            Some(before) if before != *after => {
                let mut element = difference(None, &before, after);
                if let (Some(mapping), Some(key)) = (element.as_mapping_mut(), after.get(merge_key)) {
                    mapping.insert(merge_key.to_owned(), key.clone());
                }
                patch.push(element);
            }
            Some(_) => {}
        }
    }
    for before in old.iter().filter(|before| find(new, before).is_none()) {
        let key = before.get(merge_key).cloned().unwrap_or_default();
        patch.push(Node::mapping([(merge_key, key), ("$patch", Node::string("delete"))]));
    }
    Node::sequence(patch)
}
