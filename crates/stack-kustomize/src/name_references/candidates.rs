use foldhash::fast::RandomState;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::hash::Hash;

use stack_krm::yaml::{Node, Text};
use stack_krm::{Gvk, ResourceId};
use stack_source::Span;

use super::names::Names;
use super::slips;
use crate::id_map::{IdMap, IdSet};
use crate::item::Item;
use crate::kyaml::text_of;
use crate::place_list::PlaceList;
use crate::steps;

/// Renamed objects by what they were called.
pub(super) struct Candidates<'i> {
    items: &'i [Item],
    /// By the namespace that they are in now and a name that they had.
    by_place: IdMap<(&'i Text, &'i Text), PlaceList>,
    /// The same by the namespace that they came from; nothing until a name outside all namespaces gives one.
    by_origin: OnceCell<IdMap<(&'i Text, &'i Text), PlaceList>>,
    /// The same by kind, in all namespaces; nothing until a name outside them gives none.
    by_kind: OnceCell<IdMap<(&'i Text, &'i Text), PlaceList>>,
    /// The same in all namespaces; nothing until somebody looks across them.
    by_name: OnceCell<IdMap<&'i Text, PlaceList>>,
    /// By the name that they have now; nothing until somebody looks for one.
    by_present: OnceCell<IdMap<&'i Text, PlaceList>>,
    /// What those outside all namespaces are in.
    outside: Option<&'i Text>,
    namespaces: OnceCell<Namespaces<'i>>,
    /// All names; nothing until one meets no renamed object.
    names: OnceCell<Names<'i>>,
}

/// Where objects came from.
#[derive(Default)]
struct Namespaces<'i> {
    /// Present and original namespaces that go together.
    pairs: IdSet<(&'i Text, &'i Text)>,
    originals: IdSet<&'i Text>,
}

impl<'i> Candidates<'i> {
    pub(super) fn new(items: &'i [Item]) -> Self {
        let outside = items.iter().find(|item| item.id.is_cluster_scoped()).map(|item| item.id.effective_namespace());
        let mut by_place = IdMap::with_capacity_and_hasher(items.len(), RandomState::default());
        note_former(items, &mut by_place, |item, name| (item.id.effective_namespace(), name));
        let (by_origin, by_kind, by_name, by_present, namespaces, names) = Default::default();
        Self { items, by_place, by_origin, by_kind, by_name, by_present, outside, namespaces, names }
    }

    /// Whether an object was called otherwise, or was elsewhere.
    pub(super) fn has_former(&self) -> bool {
        !self.by_place.is_empty()
    }

    fn of<'a>(&'a self, namespace: &'a Text, name: &'a Text) -> &'a [usize] {
        self.by_place.get(&(namespace, name)).map_or(&[], PlaceList::as_slice)
    }

    fn anywhere(&self, name: &Text) -> &[usize] {
        if !self.has_former() {
            return &[];
        }
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name = IdMap::with_capacity_and_hasher(self.items.len(), RandomState::default());
            note_former(self.items, &mut by_name, |_, name| name);
            by_name
        });
        by_name.get(name).map_or(&[], PlaceList::as_slice)
    }

    /// The objects among which one outside all namespaces finds what it names: those that came from the namespace that is written, else
    /// those that are there; those of the kind where none is.
    fn across<'a>(&'a self, name: &'a Text, target: &'a Gvk, namespace: Option<&'a Text>) -> &'a [usize] {
        let (index, key) = match namespace {
            _ if !self.has_former() => return &[],
            Some(namespace) if self.namespaces().originals.contains(namespace) => {
                let by_origin = self.by_origin.get_or_init(|| {
                    let mut by_origin = IdMap::default();
                    note_former(self.items, &mut by_origin, |item, name| (item.original().effective_namespace(), name));
                    by_origin
                });
                (by_origin, (namespace, name))
            }
            Some(namespace) => (&self.by_place, (namespace, name)),
            None if target.kind.is_empty() => return self.anywhere(name),
            None => {
                let by_kind = self.by_kind.get_or_init(|| {
                    let mut by_kind = IdMap::default();
                    for (place, item) in self.items.iter().enumerate() {
                        let names = item.former.iter().map(|former| &former.name);
                        for name in names {
                            item.former.iter().for_each(|former| note(&mut by_kind, (&former.gvk.kind, name), place));
                        }
                    }
                    by_kind
                });
                (by_kind, (&target.kind, name))
            }
        };
        index.get(&key).map_or(&[], PlaceList::as_slice)
    }

    /// The objects that have a name now.
    fn called(&self, name: &Text) -> impl Iterator<Item = &'i Item> {
        let by_present = self.by_present.get_or_init(|| {
            let mut by_present: IdMap<_, PlaceList> = IdMap::default();
            for (place, item) in self.items.iter().enumerate() {
                note(&mut by_present, &item.id.name, place);
            }
            by_present
        });
        let places = by_present.get(name).map_or(&[][..], PlaceList::as_slice);
        places.iter().map(|place| &self.items[*place])
    }

    fn namespaces(&self) -> &Namespaces<'i> {
        self.namespaces.get_or_init(|| {
            let mut namespaces = Namespaces::default();
            for item in self.items {
                let original = item.original().effective_namespace();
                namespaces.originals.insert(original);
                namespaces.pairs.insert((item.id.effective_namespace(), original));
            }
            namespaces
        })
    }
}

/// Notes where the objects stand that have another name than they had, by a key that each such name gives.
fn note_former<'i, K: Hash + Eq>(
    items: &'i [Item],
    index: &mut IdMap<K, PlaceList>,
    key: impl Fn(&'i Item, &'i Text) -> K,
) {
    for (place, item) in items.iter().enumerate() {
        for former in &item.former {
            note(index, key(item, &former.name), place);
        }
    }
}

fn note<K: Hash + Eq>(index: &mut IdMap<K, PlaceList>, key: K, place: usize) {
    index.entry(key).and_modify(|places| places.add(place)).or_insert(PlaceList::One(place));
}

/// A name that means an object which was renamed, and was left as it is.
pub(super) struct Left<'i> {
    pub(super) name: Text,
    pub(super) span: Span,
    pub(super) meant: &'i Item,
    /// Where it stands in a field that kustomize does not know.
    pub(super) field: Option<Field>,
}

/// A field that is not followed, and the kind that it names.
pub(super) struct Field {
    pub(super) path: Text,
    pub(super) kind: Text,
}

/// An object whose names are being mended.
pub(super) struct Referrer<'i> {
    candidates: &'i Candidates<'i>,
    pub(super) item: &'i Item,
    /// The namespaces in which it may find others, beside its own and none: those of the accounts that it binds.
    reach: BTreeSet<Text>,
    /// The type that `roleRef` gives.
    role: Option<Gvk>,
    /// Names that mean an object which was renamed, and were left as they are.
    pub(super) left: RefCell<Vec<Left<'i>>>,
    /// Names that were changed although they stand for another kind of thing: that, and its name.
    pub(super) misled: RefCell<Vec<(Text, Text, Span)>>,
    /// Whether a name may be misspelt.
    pub(super) may_slip: Cell<bool>,
    /// Whether a name was changed.
    pub(super) has_mended: Cell<bool>,
    /// Whether one was that may stand in several places.
    pub(super) has_mended_shared: Cell<bool>,
}

impl<'i> Referrer<'i> {
    pub(super) fn new(candidates: &'i Candidates<'i>, item: &'i Item, node: &Node) -> Self {
        let reach = if item.id.gvk.kind == "RoleBinding" { account_namespaces(node) } else { BTreeSet::new() };
        let role = node.get("roleRef").and_then(|role| {
            // The word `null` is a kind like any other here.
            let text = |key| role.get(key).map(text_of).cloned();
            Some(Gvk::new(text("apiGroup")?, "", text("kind")?))
        });
        let (left, misled, may_slip, has_mended, has_mended_shared) = Default::default();
        Self { candidates, item, reach, role, left, misled, may_slip, has_mended, has_mended_shared }
    }

    pub(super) fn names(&self) -> &'i Names<'i> {
        self.candidates.names.get_or_init(|| Names::new(self.candidates.items))
    }

    /// Whether an object had a name.
    pub(super) fn was_somebody(&self, name: &Text) -> bool {
        !self.candidates.anywhere(name).is_empty()
    }

    /// Notes a name that meets no renamed object: it may be misspelt.
    pub(super) fn note_unmet(&self, name: &Text, target: &Gvk, path: &str) {
        if !self.may_slip.get() && !slips::is_open(path) && self.names().may_miss(target, name) {
            self.may_slip.set(true);
        }
    }

    /// Whether an object is where a name may mean it.
    pub(super) fn reaches(&self, other: &Item, namespace: Option<&Text>) -> bool {
        match namespace {
            _ if other.id.is_cluster_scoped() => true,
            Some(namespace) => [&other.id, other.original()].iter().any(|id| id.effective_namespace() == namespace),
            None => self.item.id.is_cluster_scoped() || self.item.id.shares_namespace(&other.id),
        }
    }

    /// The object that a name means: one that was renamed. An error where it may mean several.
    pub(super) fn find(
        &self,
        name: &Text,
        target: &Gvk,
        path: &str,
        namespace: Option<&Text>,
        same: impl Fn(&Item, &Item) -> bool,
    ) -> Result<Option<&'i Item>, String> {
        let mut places: Vec<usize> = if self.item.id.is_cluster_scoped() {
            self.candidates.across(name, target, namespace).to_vec()
        } else {
            let namespaces =
                self.reach.iter().chain([self.item.id.effective_namespace()]).chain(self.candidates.outside);
            namespaces.flat_map(|namespace| self.candidates.of(namespace, name)).copied().collect()
        };
        steps::note(places.len());
        places.sort_unstable();
        places.dedup();
        let is_role = path.ends_with("roleRef/name");
        let is_it = |item: &&Item| {
            item.former.iter().any(|former| former.name == *name)
                && was_of(item, target)
                && (!is_role || self.role.as_ref().is_none_or(|role| was_of(item, role)))
                && self.may_reach(item)
                && self.is_candidate(item)
                && namespace.is_none_or(|namespace| self.is_in(item, namespace))
        };
        let found: Vec<&Item> = places.into_iter().map(|place| &self.candidates.items[place]).filter(is_it).collect();
        self.choose(name, found, same)
    }

    /// Notes a name that was left as it is, where it meant an object that came from the same namespace, or the one that is named, and
    /// has another name now. The path is that of a field that is not followed.
    pub(super) fn note_left(&self, node: &Node, target: &Gvk, namespace: Option<&Text>, unfollowed: Option<&str>) {
        /// So many objects of a name are looked at in the namespace, and in all.
        const MOST: usize = 1024;
        let name = text_of(node);
        let here = self.candidates.of(self.item.id.effective_namespace(), name);
        let places = here.iter().take(MOST).chain(self.candidates.anywhere(name).iter().take(MOST));
        let lies_there = |id: &ResourceId, own: &ResourceId| match namespace {
            Some(namespace) => id.effective_namespace() == namespace,
            None => id.shares_namespace(own),
        };
        let is_meant = |item: &&Item| {
            item.id.name != *name
                && was_of(item, target)
                && (item.id.is_cluster_scoped() || lies_there(item.original(), self.item.original()))
        };
        let mut several = places.map(|place| &self.candidates.items[*place]).filter(is_meant);
        let first = several.clone().next();
        let Some(meant) = several.find(|item| self.has_affixes_of(item, false)).or(first) else { return };
        let is_there = |item: &Item| item.id.gvk.is_selected_by(target) && lies_there(&item.id, &self.item.id);
        if !self.candidates.called(name).any(is_there) {
            let kind = target.kind.clone();
            let field = unfollowed.map(|path| Field { path: path.into(), kind });
            self.left.borrow_mut().push(Left { name: name.clone(), span: node.span, meant, field });
        }
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
        let known = self.candidates.namespaces();
        let came_from_there = if self.item.id.is_cluster_scoped() {
            known.originals.contains(namespace)
        } else {
            let mut reach = self.reach.iter().chain([self.item.id.effective_namespace()]);
            reach.any(|reached| known.pairs.contains(&(reached, namespace)))
        };
        let (is, was) = (other.id.effective_namespace(), other.original().effective_namespace());
        if came_from_there {
            namespace == was && !other.original().is_cluster_scoped()
        } else {
            namespace == is && !other.id.is_cluster_scoped()
        }
    }
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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use stack_source::{FileTree, TreePath};

    use crate::{BuildOptions, build, steps};

    /// What a binding outside all namespaces names is looked for in the namespace that it gives, and among the kind that it gives.
    #[test]
    fn bindings_find_one_among_many_of_a_name() {
        let count = 1_000;
        let role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: app}}";
        let mut objects = role.to_owned();
        for n in 0..count {
            write!(
                objects,
                "\n---\n{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: app, namespace: n{n}}}}}\n---\n\
                 {{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {{name: b{n}}}, \
                 roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: app}}, \
                 subjects: [{{kind: ServiceAccount, name: app, namespace: n{n}}}]}}"
            )
            .unwrap();
        }
        let bytes = objects.len();
        let mut files = FileTree::new();
        for (path, text) in
            [("kustomization.yaml", "resources: [a.yaml]\nnamePrefix: x-\n".to_owned()), ("a.yaml", objects)]
        {
            files.insert(TreePath::new(path).unwrap(), text);
        }
        let steps = steps::taken(|| {
            let built = build(&files, &TreePath::default(), &BuildOptions::default()).unwrap();
            assert_eq!(built.to_yaml().unwrap().matches("name: x-app\n").count(), 3 * count + 1);
        });
        assert!(steps < 2 * bytes, "{steps}");
    }
}
