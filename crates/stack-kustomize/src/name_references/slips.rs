//! Names in fields that kustomize follows, that meet no object and are nearly the name of one.

use stack_krm::Gvk;
use stack_krm::yaml::{Node, Text, Value};
use stack_source::Diagnostic;

use super::candidates::Referrer;
use super::mention::Mention;
use super::tree::Tree;
use crate::layer::Session;
use crate::rules::NAME_LEFT;

/// Whether a field may name what no build has: a role may be for what a program makes while it runs.
pub(super) fn is_open(path: &str) -> bool {
    path.ends_with("resourceNames")
}

/// What every cluster has by itself.
const IN_EVERY_CLUSTER: [(&str, &str); 7] = [
    ("ClusterRole", "admin"),
    ("ClusterRole", "cluster-admin"),
    ("ClusterRole", "edit"),
    ("ClusterRole", "view"),
    ("ConfigMap", "kube-root-ca.crt"),
    ("Service", "kubernetes"),
    ("ServiceAccount", "default"),
];

/// Warns of the slips in the names that a tree of fields leads to.
pub(super) fn warn(root: &Node, tree: &Tree, referrer: &Referrer<'_>, session: &mut Session) {
    for (key, inner) in &tree.fields {
        if let Some(node) = root.get(key) {
            look(node, None, inner, referrer, session);
        }
    }
}

/// Looks at a value in a map; nothing for the map that is the object.
fn look(node: &Node, around: Option<&Node>, tree: &Tree, referrer: &Referrer<'_>, session: &mut Session) {
    if let Value::Sequence(nodes) = &node.value {
        return nodes.iter().for_each(|node| look(node, around, tree, referrer, session));
    }
    let mention = if tree.is_target() { Mention::at(node, around) } else { None };
    if let Some(warning) = mention.and_then(|mention| slip(&mention, &tree.targets, referrer)) {
        session.warnings.add(warning);
    }
    for (key, inner) in &tree.fields {
        if let Some(value) = node.get(key) {
            look(value, Some(node), inner, referrer, session);
        }
    }
}

fn slip(mention: &Mention<'_>, targets: &[(Text, Gvk)], referrer: &Referrer<'_>) -> Option<Diagnostic> {
    let (name, names) = (mention.name(), referrer.names());
    let is_meant = |target: &&Gvk| mention.kind.is_none_or(|kind| *kind == target.kind);
    let targets = || targets.iter().filter(|(path, _)| !is_open(path)).map(|(_, target)| target).filter(is_meant);
    let is_there =
        |target: &Gvk| names.has(target, name) || IN_EVERY_CLUSTER.contains(&(target.kind.as_str(), name.as_str()));
    if targets().any(is_there) {
        return None;
    }
    let is_in_reach = |item: &_| referrer.reaches(item, mention.namespace);
    let (target, near) = targets().find_map(|target| Some((target, names.near(target, name, is_in_reach)?)))?;
    let (kind, right, meant) = (&target.kind, near.name.name, near.meant);
    let now = if meant.id.name == *right { String::new() } else { format!(", called `{}` now", meant.id.name) };
    let message = format!("`{name}` in `{}` is no {kind} of this build, and `{right}` is one{now}", referrer.item.id);
    let warning = Diagnostic::new(&NAME_LEFT, message).at(referrer.item.place_of(mention.node.span));
    Some(warning.related(meant.at.clone(), "it is here").help(near.name.help()))
}
