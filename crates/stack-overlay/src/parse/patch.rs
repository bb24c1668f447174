use stack_krm::yaml::Node;
use stack_model::parse::Reader;
use stack_source::listed;

use crate::{Patch, PatchBody, PatchTarget, rule};

/// JSON 6902's operations, and the key that each needs beside `op` and `path`.
const OPERATIONS: [(&str, Option<&str>); 6] = [
    ("add", Some("value")),
    ("remove", None),
    ("replace", Some("value")),
    ("move", Some("from")),
    ("copy", Some("from")),
    ("test", Some("value")),
];

/// `[{target: {kind: Deployment, name: r2r}, patch: …}]`
pub(super) fn patches(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Patch>> {
    reader.list(node, "a list of patches, as `[{target: {kind: Deployment, name: r2r}, patch: …}]`", patch)
}

fn patch(reader: &mut Reader<'_>, node: &Node) -> Option<Patch> {
    let patch = reader.fields(node, "a patch", |fields| {
        let target = fields.require("target", target);
        let body = fields.require("patch", body);
        Some(Patch { target: target?, body: body?, at: fields.at() })
    });
    patch.flatten()
}

fn target(reader: &mut Reader<'_>, node: &Node) -> Option<PatchTarget> {
    let target = reader.fields(node, "a target", |fields| {
        let kind = fields.require("kind", Reader::text);
        let name = fields.require("name", Reader::text);
        Some(PatchTarget { kind: kind?, name: name? })
    });
    target.flatten()
}

/// A map is a strategic merge, a list is JSON 6902.
fn body(reader: &mut Reader<'_>, node: &Node) -> Option<PatchBody> {
    if node.as_mapping().is_some() {
        return Some(PatchBody::StrategicMerge(node.clone()));
    }
    let wanted = "a part of the object, or a list of JSON 6902 operations";
    let operations = reader.list(node, wanted, |reader, operation| {
        check(reader, operation);
        Some(operation.clone())
    });
    operations.map(PatchBody::Json6902)
}

fn check(reader: &mut Reader<'_>, operation: &Node) {
    let mut refuse = |message: &str, help: String| {
        reader.fault(&rule::INVALID_OPERATION, operation.span, message, help);
    };
    let op = operation.get("op").and_then(Node::as_str);
    let Some((op, needs)) = op.and_then(|op| OPERATIONS.iter().find(|(known, _)| *known == op)) else {
        let known = listed(&OPERATIONS.map(|(name, _)| name));
        return refuse("this is no operation", format!("write `op: …`, one of {known}"));
    };
    for key in ["path"].into_iter().chain(*needs).filter(|key| operation.get(key).is_none()) {
        refuse(&format!("`{op}` has no `{key}`"), format!("add `{key}: …`"));
    }
}
