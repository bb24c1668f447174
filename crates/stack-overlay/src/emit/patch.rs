//! Patches as files: one for each thing that an environment changes, shared by the objects that change alike.

use std::collections::{BTreeMap, BTreeSet};

use stack_krm::yaml::Node;
use stack_kustomize::{Patch, Selector};
use stack_source::FileTree;

use super::change::{Change, How};
use super::{file, put};

/// Objects of one kind that change in the same way.
struct Group<'a> {
    changes: Vec<&'a Change<'a>>,
}

/// Writes the patches of an overlay into `home`, and gives the entries of its kustomization.
pub(super) fn write(changes: &[Change<'_>], home: &str, tree: &mut FileTree) -> Vec<Patch> {
    let groups = groups(changes);
    let mut names = BTreeSet::new();
    let mut patches = Vec::new();
    for group in &groups {
        let name = file_name(group, &groups, &mut names);
        let (text, target) = content(group);
        put(tree, &format!("{home}/{name}"), &text);
        patches.push(Patch { path: name, target, ..Patch::default() });
    }
    patches
}

/// In the order of the concerns, and within one in the order of the objects.
fn groups<'a>(changes: &'a [Change<'a>]) -> Vec<Group<'a>> {
    let mut order: Vec<&Change<'_>> = changes.iter().collect();
    order.sort_by_key(|change| change.concern);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for change in order {
        let body = match &change.how {
            How::Deleted => "deleted".to_owned(),
            How::Changed { operations, .. } => {
                file::arranged(&Node::sequence(operations.iter().map(super::difference::Operation::node)))
            }
        };
        let key = format!("{}\n{}\n{body}", change.concern.name(), change.kind());
        if let Some(index) = known.get(&key) {
            groups[*index].changes.push(change);
        } else {
            known.insert(key, groups.len());
            groups.push(Group { changes: vec![change] });
        }
    }
    groups
}

/// `storage.yaml` where one patch says it all, else with the kind or the object that it is about.
fn file_name(group: &Group<'_>, groups: &[Group<'_>], taken: &mut BTreeSet<String>) -> String {
    let first = group.changes[0];
    let concern = first.concern.name();
    let alone = groups.iter().filter(|other| other.changes[0].concern == first.concern).count() == 1;
    let kind = first.kind().to_ascii_lowercase();
    let one = group.changes.len() == 1;
    let candidates = [
        alone.then(|| format!("{concern}.yaml")),
        one.then(|| format!("{concern}-{}.yaml", first.name())),
        (!one).then(|| format!("{concern}-{kind}.yaml")),
        Some(format!("{concern}-{}-{kind}.yaml", first.name())),
    ];
    let free = candidates.into_iter().flatten().find(|name| taken.insert(name.clone()));
    free.unwrap_or_else(|| format!("{concern}-{}-{kind}-{}.yaml", first.name(), taken.len()))
}

fn content(group: &Group<'_>) -> (String, Option<Selector>) {
    let first = group.changes[0];
    let shared = group.changes.len() > 1;
    match &first.how {
        How::Deleted => {
            let mut node = identity(first.object);
            if let Some(mapping) = node.as_mapping_mut() {
                mapping.insert("$patch", Node::string("delete"));
            }
            (file::documents([&node]), shared.then(|| selector(group)))
        }
        How::Changed { merge: Some(merge), .. } if !shared => {
            let mut node = identity(first.object);
            overlay(&mut node, merge);
            (file::documents([&node]), None)
        }
        How::Changed { operations, .. } => {
            let steps = Node::sequence(operations.iter().map(super::difference::Operation::node));
            (file::documents([&steps]), Some(selector(group)))
        }
    }
}

/// Kustomize takes names as anchored regular expressions; those of objects hold no other special character than the dot.
fn selector(group: &Group<'_>) -> Selector {
    let names: Vec<String> = group.changes.iter().map(|change| change.name().replace('.', "\\.")).collect();
    Selector { kind: group.changes[0].kind().to_owned(), name: names.join("|"), ..Selector::default() }
}

fn identity(object: &Node) -> Node {
    let text = |key: &str| object.get(key).cloned().unwrap_or_default();
    let name = object.at(["metadata", "name"]).cloned().unwrap_or_default();
    Node::mapping([
        ("apiVersion", text("apiVersion")),
        ("kind", text("kind")),
        ("metadata", Node::mapping([("name", name)])),
    ])
}

/// Lays the patch's keys on the identity, whose metadata both have.
fn overlay(node: &mut Node, patch: &Node) {
    let (Some(mapping), Some(patch)) = (node.as_mapping_mut(), patch.as_mapping()) else { return };
    for (key, value) in patch.iter() {
        match (mapping.get_mut(key), value.as_mapping()) {
            (Some(known), Some(_)) => overlay(known, value),
            _ => mapping.insert(key.to_owned(), value.clone()),
        }
    }
}
