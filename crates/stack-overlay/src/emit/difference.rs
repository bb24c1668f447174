//! What lies between two objects, as JSON 6902 operations.

use stack_krm::yaml::{Node, Value};

/// A step from one object to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) kind: OperationKind,
    pub(super) path: Vec<String>,
    pub(super) value: Option<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperationKind {
    Add,
    Remove,
    Replace,
    Test,
}

impl OperationKind {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::Test => "test",
        }
    }
}

impl Operation {
    pub(super) fn node(&self) -> Node {
        let mut rows = vec![("op", Node::string(self.kind.name())), ("path", Node::string(self.pointer()))];
        rows.extend(self.value.clone().map(|value| ("value", value)));
        Node::mapping(rows)
    }

    /// The path as a JSON pointer, RFC 6901.
    fn pointer(&self) -> String {
        self.path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
    }
}

/// The operations that turn `before` into `after`, in an order in which each finds what it needs.
pub(super) fn operations(before: &Node, after: &Node) -> Vec<Operation> {
    let mut operations = Vec::new();
    compare(&mut Vec::new(), before, after, &mut operations);
    operations
}

fn compare(path: &mut Vec<String>, before: &Node, after: &Node, operations: &mut Vec<Operation>) {
    if before == after {
        return;
    }
    match (&before.value, &after.value) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            for (key, value) in old.iter() {
                path.push(key.to_owned());
                match new.get(key) {
                    Some(replacement) => compare(path, value, replacement, operations),
                    None => operations.push(operation(OperationKind::Remove, path, None)),
                }
                path.pop();
            }
            for (key, value) in new.iter().filter(|(key, _)| old.get(key).is_none()) {
                path.push(key.to_owned());
                operations.push(operation(OperationKind::Add, path, Some(value)));
                path.pop();
            }
        }
        (Value::Sequence(old), Value::Sequence(new)) => compare_lists(path, old, new, operations),
        _ => operations.push(operation(OperationKind::Replace, path, Some(after))),
    }
}

/// Elements that are called the same are compared; others are put in and taken out.
fn compare_lists(path: &mut Vec<String>, old: &[Node], new: &[Node], operations: &mut Vec<Operation>) {
    let mut current: Vec<&Node> = old.iter().collect();
    let mut index = 0;
    while index < new.len() || index < current.len() {
        path.push(index.to_string());
        match (current.get(index).copied(), new.get(index)) {
            (Some(before), Some(after)) if before == after => index += 1,
            (Some(before), Some(after)) if same_name(before, after) => {
                if let Some(name) = before.get("name") {
                    guard(path, name, operations);
                }
                compare(path, before, after, operations);
                index += 1;
            }
            (Some(_), Some(after))
                if current[index..].iter().any(|later| *later == after || same_name(later, after)) =>
            {
                operations.push(operation(OperationKind::Remove, path, None));
                current.remove(index);
            }
            (Some(before), Some(after))
                if !new[index..].iter().any(|later| later == before || same_name(later, before)) =>
            {
                operations.push(operation(OperationKind::Replace, path, Some(after)));
                current[index] = after;
                index += 1;
            }
            (_, Some(after)) => {
                operations.push(operation(OperationKind::Add, path, Some(after)));
                current.insert(index.min(current.len()), after);
                index += 1;
            }
            (Some(_), None) => {
                operations.push(operation(OperationKind::Remove, path, None));
                current.remove(index);
            }
            (None, None) => {}
        }
        path.pop();
    }
}

/// An index says little; in lists of variables the name that must stand there is said, and checked, too.
fn guard(path: &[String], name: &Node, operations: &mut Vec<Operation>) {
    if path.len() >= 2 && path[path.len() - 2] == "env" {
        let mut path = path.to_vec();
        path.push("name".to_owned());
        operations.push(Operation { kind: OperationKind::Test, path, value: Some(name.clone()) });
    }
}

/// Whether two elements are the same thing in two states: called alike, or, for claim templates, by their metadata.
fn same_name(a: &Node, b: &Node) -> bool {
    let name = |node: &Node| node.get("name").or_else(|| node.at(["metadata", "name"])).cloned();
    name(a).is_some_and(|a| name(b).is_some_and(|b| a == b))
}

fn operation(kind: OperationKind, path: &[String], value: Option<&Node>) -> Operation {
    Operation { kind, path: path.to_vec(), value: value.cloned() }
}
