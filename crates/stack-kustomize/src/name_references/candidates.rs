use std::cell::RefCell;
use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use stack_krm::yaml::{Node, Text};
use stack_krm::{Gvk, ResourceId};
use stack_source::Span;

use crate::item::{Item, text_of};

/// Renamed objects by what they were called.
pub(super) struct Candidates {
    by_name: IndexMap<Text, IndexMap<Text, Vec<usize>>>,
    /// Present and original namespaces that go together.
    namespaces: IndexSet<(Text, Text)>,
    originals: IndexSet<Text>,
}

impl Candidates {
    pub(super) fn new(items: &[Item]) -> Self {
        let mut candidates = Self { by_name: IndexMap::new(), namespaces: IndexSet::new(), originals: IndexSet::new() };
        for (place, item) in items.iter().enumerate() {
            let namespace = Text::from(item.id.effective_namespace());
            let original = Text::from(item.original().effective_namespace());
            candidates.originals.insert(original.clone());
            candidates.namespaces.insert((namespace.clone(), original));
            for former in &item.former {
                let names = candidates.by_name.entry(former.name.clone()).or_default();
                let places = names.entry(namespace.clone()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        candidates
    }
}

/// An object whose names are being mended.
pub(super) struct Referrer<'i> {
    items: &'i [Item],
    candidates: &'i Candidates,
    item: &'i Item,
    /// The namespaces in which it may find others, beside its own and none: those of the accounts that it binds.
    reach: BTreeSet<Text>,
    /// The type that `roleRef` gives.
    role: Option<Gvk>,
    /// Names that mean an object which was renamed, and were left as they are.
    pub(super) left: RefCell<Vec<(Text, Span, &'i Item)>>,
    /// Names that were changed although they stand for another kind of thing: that, and its name.
    pub(super) misled: RefCell<Vec<(Text, Text, Span)>>,
}

impl<'i> Referrer<'i> {
    pub(super) fn new(items: &'i [Item], candidates: &'i Candidates, place: usize, node: &Node) -> Self {
        let item = &items[place];
        let reach = if item.id.gvk.kind == "RoleBinding" { account_namespaces(node) } else { BTreeSet::new() };
        let role = node.get("roleRef").and_then(|role| {
            // The word `null` is a kind like any other here.
            let text = |key| role.get(key).map(text_of).cloned();
            Some(Gvk::new(text("apiGroup")?, "", text("kind")?))
        });
        Self { items, candidates, item, reach, role, left: RefCell::default(), misled: RefCell::default() }
    }

    /// The object that a name means: one that was renamed. An error where it may mean several.
    pub(super) fn find(
        &self,
        name: &str,
        target: &Gvk,
        path: &str,
        namespace: Option<&Text>,
        same: impl Fn(&Item, &Item) -> bool,
    ) -> Result<Option<&'i Item>, String> {
        let Some(by_namespace) = self.candidates.by_name.get(name) else { return Ok(None) };
        let mut places: Vec<usize> = if self.item.id.is_cluster_scoped() {
            by_namespace.values().flatten().copied().collect()
        } else {
            let own = Text::from(self.item.id.effective_namespace());
            let namespaces = self.reach.iter().filter(|reached| **reached != own).chain([&own]);
            let outside =
                by_namespace.iter().filter(|(_, places)| self.is_cluster_scoped(places)).flat_map(|(_, places)| places);
            namespaces.filter_map(|namespace| by_namespace.get(namespace)).flatten().chain(outside).copied().collect()
        };
        places.sort_unstable();
        places.dedup();
        let is_role = path.ends_with("roleRef/name");
        let is_it = |item: &&Item| {
            item.former.iter().any(|former| former.name == name)
                && was_of(item, target)
                && (!is_role || self.role.as_ref().is_none_or(|role| was_of(item, role)))
                && self.may_reach(item)
                && self.is_candidate(item)
                && namespace.is_none_or(|namespace| self.is_in(item, namespace))
        };
        let found: Vec<&Item> = places.into_iter().filter_map(|place| self.items.get(place)).filter(is_it).collect();
        self.choose(name, found, same)
    }

    /// Notes a name that was left as it is, where it meant an object that came from the same namespace and has another name now.
    pub(super) fn note_left(&self, node: &Node, target: &Gvk) {
        let name = text_of(node);
        let places = self.candidates.by_name.get(name).into_iter().flat_map(IndexMap::values).flatten();
        let is_meant = |item: &&Item| {
            item.id.name != *name
                && was_of(item, target)
                && (item.id.is_cluster_scoped() || item.original().shares_namespace(self.item.original()))
        };
        let Some(meant) = places.filter_map(|place| self.items.get(*place)).find(is_meant) else { return };
        let is_there = |item: &Item| {
            item.id.name == *name && item.id.gvk.is_selected_by(target) && item.id.shares_namespace(&self.item.id)
        };
        if !self.items.iter().any(is_there) {
            self.left.borrow_mut().push((name.clone(), node.span, meant));
        }
    }

    fn is_cluster_scoped(&self, places: &[usize]) -> bool {
        places.first().and_then(|place| self.items.get(*place)).is_some_and(|item| item.id.is_cluster_scoped())
    }

    /// Candidates whose prefixes and suffixes do not contradict the referrer's, then those that have the same.
    fn choose(
        &self,
        name: &str,
        found: Vec<&'i Item>,
        same: impl Fn(&Item, &Item) -> bool,
    ) -> Result<Option<&'i Item>, String> {
        if let [only] = found.as_slice() {
            return Ok(Some(only));
        }
        let mut found: Vec<&Item> = found.into_iter().filter(|item| self.has_affixes_of(item, true)).collect();
        if found.len() > 1 {
            found.retain(|item| self.has_affixes_of(item, false));
        }
        match found.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|item| same(first, item)) => Ok(Some(first)),
            several => {
                let names: Vec<String> = several.iter().map(|item| format!("`{}`", item.id)).collect();
                Err(format!("the name `{name}` may mean {}", names.join(" or ")))
            }
        }
    }

    fn has_affixes_of(&self, other: &Item, allow_empty: bool) -> bool {
        let agrees = |own: &[Text], other: &[Text]| {
            (allow_empty && (own.is_empty() || other.is_empty())) || same_ending(own, other)
        };
        agrees(&self.item.prefixes, &other.prefixes) && agrees(&self.item.suffixes, &other.suffixes)
    }

    /// Whether kustomize looks at it at all. It compares the namespaces of bound accounts with what is written: an account without
    /// a namespace is not found in `default`.
    fn is_candidate(&self, other: &Item) -> bool {
        self.item.id.is_cluster_scoped()
            || other.id.is_cluster_scoped()
            || self.item.id.shares_namespace(&other.id)
            || self.reach.contains(&other.id.namespace)
    }

    fn may_reach(&self, other: &Item) -> bool {
        let id: &ResourceId = &self.item.id;
        id.is_cluster_scoped()
            || other.id.is_cluster_scoped()
            || other.id.gvk.kind == "ServiceAccount"
            || id.shares_namespace(&other.id)
    }

    /// A map with a namespace means objects that came from there; where none did, those that are there now.
    fn is_in(&self, other: &Item, namespace: &Text) -> bool {
        let came_from_there = if self.item.id.is_cluster_scoped() {
            self.candidates.originals.contains(namespace)
        } else {
            let own = Text::from(self.item.id.effective_namespace());
            let mut reach = self.reach.iter().chain([&own]);
            reach.any(|reached| self.candidates.namespaces.contains(&(reached.clone(), namespace.clone())))
        };
        let (is, was) = (other.id.effective_namespace(), other.original().effective_namespace());
        if came_from_there {
            *namespace == was && !is_outside(other.original())
        } else {
            *namespace == is && !is_outside(&other.id)
        }
    }
}

fn is_outside(id: &ResourceId) -> bool {
    id.is_cluster_scoped()
}

fn was_of(item: &Item, gvk: &Gvk) -> bool {
    item.former.iter().any(|former| former.gvk.is_selected_by(gvk))
}

/// Whether the shorter list is how the longer one ends; an empty one is no ending.
fn same_ending(a: &[Text], b: &[Text]) -> bool {
    let count = a.len().min(b.len());
    if count == 0 { a.len() == b.len() } else { a[a.len() - count..] == b[b.len() - count..] }
}

fn account_namespaces(binding: &Node) -> BTreeSet<Text> {
    let subjects = binding.get("subjects").and_then(Node::as_sequence).unwrap_or_default();
    let is_account = |subject: &&Node| subject.get("kind").is_some_and(|kind| *text_of(kind) == "ServiceAccount");
    subjects.iter().filter(is_account).filter_map(|subject| subject.get("namespace")).map(text_of).cloned().collect()
}
