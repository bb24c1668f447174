//! The order of the documents in an output.

use std::cmp::Ordering;
use std::ops::Range;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use crate::merge_sort::merge_sort;
use crate::{Gvk, ResourceId};

/// The order in which kustomize prints objects, by kind: what others need comes first, what may refuse them comes last.
///
/// ```
/// use stack_krm::Order;
///
/// assert!(Order::legacy().rank("Namespace") < Order::legacy().rank("Deployment"));
/// assert!(Order::legacy().rank("Deployment") < Order::legacy().rank("SomethingElse"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Kinds that come first, in this order.
    pub first: Vec<String>,
    /// Kinds that come last, in this order.
    pub last: Vec<String>,
}

/// What others stand on, first.
static FIRST: &[&str] = &[
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// A webhook that is there before its server refuses everything else.
static LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

impl Order {
    /// The order that kustomize calls *legacy*, and uses where none is asked for.
    pub fn legacy() -> Self {
        let owned = |kinds: &[&str]| kinds.iter().map(ToString::to_string).collect();
        Self { first: owned(FIRST), last: owned(LAST) }
    }

    /// Where a kind stands: below zero among the first, above zero among the last. The last mention of a kind counts.
    pub fn rank(&self, kind: &str) -> i64 {
        let position = |kinds: &[String]| kinds.iter().rposition(|known| known == kind);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match (position(&self.last), position(&self.first)) {
            (Some(index), _) => 1 + count(index),
            (None, Some(index)) => count(index) - count(self.first.len()),
            (None, None) => 0,
        }
    }

    /// Sorts things that have an id.
    pub fn sort_by_id<T>(&self, things: &mut Vec<T>, id: impl Fn(&T) -> ResourceId) {
        let ids: Vec<ResourceId> = things.iter().map(id).collect();
        let places = self.places(&ids);
        let mut unsorted: Vec<Option<T>> = things.drain(..).map(Some).collect();
        things.extend(places.into_iter().filter_map(|place| unsorted[place].take()));
    }

    /// The places of ids in the order in which their objects come.
    ///
    /// ```
    /// use stack_krm::{Gvk, Order, ResourceId};
    ///
    /// let id = |kind, name| ResourceId::new(Gvk::new("", "v1", kind), "", name);
    /// let ids = [id("Service", "web"), id("ConfigMap", "web"), id("ConfigMap", "db")];
    /// assert_eq!(Order::legacy().places(&ids), [2, 1, 0]);
    /// ```
    pub fn places<'i>(&self, ids: impl IntoIterator<Item = &'i ResourceId>) -> Vec<usize> {
        let mut types = Types::default();
        // One text for all names: they are compared many times, and lie beside each other here.
        let mut names = String::new();
        let keys: Vec<SortKey> = ids.into_iter().map(|id| self.key(id, &mut types, &mut names)).collect();
        let mut places: Vec<usize> = (0..keys.len()).collect();
        let compare = |a: &usize, b: &usize| keys[*a].compare(&keys[*b], &types, &names);
        // Only namespaces of several types make the order intransitive.
        match types.keys().filter(|gvk| gvk.kind == "Namespace").count() {
            0 | 1 => places.sort_by(compare),
            _ => merge_sort(&mut places, &compare),
        }
        places
    }

    /// What an id is sorted by.
    fn key(&self, id: &ResourceId, types: &mut Types, names: &mut String) -> SortKey {
        let known = types.get_index_of(&id.gvk);
        let gvk = known.unwrap_or_else(|| {
            let rank = self.rank(&id.gvk.kind);
            types.insert_full(id.gvk.clone(), TypeKey { rank, text: gvk_text(&id.gvk), id: id_text(&id.gvk) }).0
        });
        let start = names.len();
        for part in [or(&id.namespace, "~X"), "|", or(&id.name, "~N")] {
            names.push_str(part);
        }
        SortKey { gvk, name: start..names.len() }
    }
}

/// The types of what is sorted: types are few, and objects of one type are many.
type Types = IndexMap<Gvk, TypeKey, RandomState>;

/// What a type is sorted by.
struct TypeKey {
    rank: i64,
    text: String,
    /// How the texts of the ids begin.
    id: String,
}

struct SortKey {
    /// The number of its type.
    gvk: usize,
    /// Where the text of its namespace and name stands.
    name: Range<usize>,
}

impl SortKey {
    /// Kustomize's comparison. It is not transitive where `orderFirst` does not name `Namespace`: `a/v1 Namespace` < `m/v1 Foo` <
    /// `v1 Namespace` < `a/v1 Namespace`.
    fn compare(&self, other: &Self, types: &Types, names: &str) -> Ordering {
        let by_gvk = || match (types.get_index(self.gvk), types.get_index(other.gvk)) {
            (Some(one), Some(another)) if self.gvk != other.gvk => compare(one, another),
            _ => Ordering::Equal,
        };
        by_gvk().then_with(|| names[self.name.clone()].cmp(&names[other.name.clone()]))
    }
}

fn compare((gvk, key): (&Gvk, &TypeKey), (other, other_key): (&Gvk, &TypeKey)) -> Ordering {
    let order = key.text.cmp(&other_key.text);
    let are_namespaces = gvk.kind == "Namespace" && other.kind == "Namespace";
    // The core Namespace comes before others' kinds of that name, although an empty group sorts last elsewhere.
    let is_reversed = are_namespaces && (gvk.group.is_empty() || other.group.is_empty());
    let order = if is_reversed { order.reverse() } else { order };
    key.rank.cmp(&other_key.rank).then(order).then_with(|| key.id.cmp(&other_key.id))
}

fn or<'a>(text: &'a str, absent: &'a str) -> &'a str {
    if text.is_empty() { absent } else { text }
}

/// An absent part sorts behind every present one, as `~` comes after all letters.
fn gvk_text(gvk: &Gvk) -> String {
    [or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K")].join("_")
}

fn id_text(Gvk { group, version, kind }: &Gvk) -> String {
    let (kind, version, group) = (or(kind, "[noKind]"), or(version, "[noVer]"), or(group, "[noGrp]"));
    [kind, ".", version, ".", group, "|"].concat()
}
