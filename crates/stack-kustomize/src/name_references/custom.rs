//! Names in custom resources, of whose fields kustomize knows none.

use stack_krm::Gvk;
use stack_krm::yaml::{Mapping, Node, Value};

use super::candidates::Referrer;
use super::mention::Mention;
use super::tree::Tree;
use crate::field_specs::named_kind;

/// What is no part of what an author describes.
const ELSEWHERE: [&str; 2] = ["metadata", "status"];

/// Notes the names that mean a renamed object and are left, in fields that no spec leads to.
pub(super) fn look(root: &Node, followed: &Tree, referrer: &Referrer<'_>) {
    let Some(map) = root.as_mapping() else { return };
    let mut walk = Walk { referrer, path: Vec::new() };
    for (key, value) in map.iter().filter(|(key, _)| !ELSEWHERE.contains(key)) {
        walk.field(key, value, followed.of(key));
    }
}

struct Walk<'w, 'i, 'n> {
    referrer: &'w Referrer<'i>,
    path: Vec<&'n str>,
}

impl<'n> Walk<'_, '_, 'n> {
    fn field(&mut self, key: &'n str, value: &'n Node, followed: Option<&Tree>) {
        self.path.push(key);
        self.value(key, value, followed);
        self.path.pop();
    }

    fn value(&mut self, key: &'n str, value: &'n Node, followed: Option<&Tree>) {
        match &value.value {
            Value::Sequence(nodes) => nodes.iter().for_each(|node| self.value(key, node, followed)),
            Value::Mapping(map) => {
                let named = followed.and_then(|tree| tree.of("name"));
                if !followed.is_some_and(Tree::is_target) && !named.is_some_and(Tree::is_target) {
                    self.note(key, value, Some("name"));
                }
                self.fields(map, followed);
            }
            Value::Scalar(_) if followed.is_some_and(Tree::is_target) => {}
            Value::Scalar(_) => self.note(key, value, None),
        }
    }

    fn fields(&mut self, map: &'n Mapping, followed: Option<&Tree>) {
        for (key, value) in map.iter() {
            self.field(key, value, followed.and_then(|tree| tree.of(key)));
        }
    }

    /// Notes a name where it means an object: its kind stands beside it, or the name of the field says it.
    fn note(&self, key: &str, node: &Node, last: Option<&str>) {
        let Some(mention) = Mention::at(node, None).filter(|mention| self.referrer.was_somebody(mention.name())) else {
            return;
        };
        let said = mention.kind.map(|kind| Gvk::new(mention.group, "", kind.clone()));
        let of_field = || named_kind(&self.referrer.item.id.gvk.group, key).map(Gvk::of_kind);
        let Some(target) = said.or_else(of_field) else { return };
        let parts = self.path.iter().copied().chain(last);
        let path: Vec<_> = parts.map(|part| part.replace('/', "\\/")).collect();
        self.referrer.note_left(mention.node, &target, mention.namespace, Some(&path.join("/")));
    }
}
