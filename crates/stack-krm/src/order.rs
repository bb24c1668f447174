//! The order of the documents in an output.

use std::cmp::Ordering;

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
        let mut types = Types::default();
        let keys: Vec<SortKey> = things.iter().map(|thing| self.key(&id(thing), &mut types)).collect();
        let mut places: Vec<usize> = (0..keys.len()).collect();
        let compare = |a: &usize, b: &usize| keys[*a].compare(&keys[*b], &types);
        // Only namespaces of several types make the order intransitive.
        match types.keys().filter(|gvk| gvk.kind == "Namespace").count() {
            0 | 1 => places.sort_by(compare),
            _ => merge_sort(&mut places, &compare),
        }
        let mut unsorted: Vec<Option<T>> = things.drain(..).map(Some).collect();
        things.extend(places.into_iter().filter_map(|place| unsorted[place].take()));
    }

    /// What an id is sorted by.
    fn key(&self, id: &ResourceId, types: &mut Types) -> SortKey {
        let known = types.get_index_of(&id.gvk);
        let gvk = known.unwrap_or_else(|| types.insert_full(id.gvk.clone(), gvk_text(&id.gvk)).0);
        SortKey { rank: self.rank(&id.gvk.kind), gvk, id: id_text(id) }
    }
}

/// The types of what is sorted, with their texts: types are few, and objects of one type are many.
type Types = IndexMap<Gvk, String, RandomState>;

struct SortKey {
    rank: i64,
    /// The number of its type.
    gvk: usize,
    id: String,
}

impl SortKey {
    /// Kustomize's comparison. It is not transitive where `orderFirst` does not name `Namespace`: `a/v1 Namespace` < `m/v1 Foo` <
    /// `v1 Namespace` < `a/v1 Namespace`.
    fn compare(&self, other: &Self, types: &Types) -> Ordering {
        let by_gvk = || match (types.get_index(self.gvk), types.get_index(other.gvk)) {
            (Some(one), Some(another)) if self.gvk != other.gvk => compare(one, another),
            _ => Ordering::Equal,
        };
        self.rank.cmp(&other.rank).then_with(by_gvk).then_with(|| self.id.cmp(&other.id))
    }
}

fn compare((gvk, text): (&Gvk, &String), (other, other_text): (&Gvk, &String)) -> Ordering {
    let order = text.cmp(other_text);
    let are_namespaces = gvk.kind == "Namespace" && other.kind == "Namespace";
    // The core Namespace comes before others' kinds of that name, although an empty group sorts last elsewhere.
    if are_namespaces && (gvk.group.is_empty() || other.group.is_empty()) { order.reverse() } else { order }
}

fn or<'a>(text: &'a str, absent: &'a str) -> &'a str {
    if text.is_empty() { absent } else { text }
}

/// An absent part sorts behind every present one, as `~` comes after all letters.
fn gvk_text(gvk: &Gvk) -> String {
    [or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K")].join("_")
}

fn id_text(id: &ResourceId) -> String {
    let Gvk { group, version, kind } = &id.gvk;
    let (kind, version, group) = (or(kind, "[noKind]"), or(version, "[noVer]"), or(group, "[noGrp]"));
    [kind, ".", version, ".", group, "|", or(&id.namespace, "~X"), "|", or(&id.name, "~N")].concat()
}
