//! Labels that come between selectors and what those select.

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Text};
use stack_source::{Diagnostic, Locus};

use crate::id_map::{IdMap, IdSet};
use crate::item::Item;
use crate::kyaml::text_of;
use crate::layer::Session;
use crate::pool::Pool;
use crate::rules::UNEXPECTED;

/// What a selector looks among.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Pods,
    Services,
}

type Path = &'static [&'static str];

const MATCH_LABELS: Path = &["spec", "selector", "matchLabels"];
const TEMPLATE: Path = &["spec", "template", "metadata", "labels"];

/// Which kinds select what, and where they say it.
static SELECTORS: [(&str, Path, Class); 12] = [
    ("Service", &["spec", "selector"], Class::Pods),
    ("ReplicationController", &["spec", "selector"], Class::Pods),
    ("Deployment", MATCH_LABELS, Class::Pods),
    ("ReplicaSet", MATCH_LABELS, Class::Pods),
    ("DaemonSet", MATCH_LABELS, Class::Pods),
    ("StatefulSet", MATCH_LABELS, Class::Pods),
    ("Job", MATCH_LABELS, Class::Pods),
    ("Rollout", MATCH_LABELS, Class::Pods),
    ("PodDisruptionBudget", MATCH_LABELS, Class::Pods),
    ("NetworkPolicy", &["spec", "podSelector", "matchLabels"], Class::Pods),
    ("PodMonitor", MATCH_LABELS, Class::Pods),
    ("ServiceMonitor", MATCH_LABELS, Class::Services),
];

/// Those of them that kustomize leaves as they are.
const UNKNOWN: [&str; 3] = ["Rollout", "PodMonitor", "ServiceMonitor"];

/// Where the labels of pods stand that kustomize knows.
static PODS: [(&str, Path); 8] = [
    ("Pod", &["metadata", "labels"]),
    ("Deployment", TEMPLATE),
    ("ReplicaSet", TEMPLATE),
    ("ReplicationController", TEMPLATE),
    ("DaemonSet", TEMPLATE),
    ("StatefulSet", TEMPLATE),
    ("Job", TEMPLATE),
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "metadata", "labels"]),
];

type Labels = IdMap<Text, Text>;

/// How many of the things that a selector selects are looked at again.
const MOST: usize = 16;

/// Things with labels: where the object stands that is one or makes some, what they are, and their labels.
type Found = IdMap<(usize, Class), Labels>;

/// Who selects what before labels are set.
pub(super) struct Selections {
    found: Found,
    selectors: Vec<Selecting>,
}

/// An object that selects, by which labels, and the first things that it does.
struct Selecting {
    place: usize,
    labels: Labels,
    selected: Vec<(usize, Class)>,
}

impl Selections {
    /// Nothing where no label changes by which something may be found: so it is nearly always.
    pub(super) fn before(pool: &Pool, pairs: &IndexMap<String, String>) -> Option<Self> {
        let items = pool.items();
        let mut changed = IdSet::default();
        let mut strangers = false;
        for item in items {
            strangers |= note_changes(item, pairs, &mut changed);
        }
        let is_selected_by = |item: &Item| {
            let map = selector_map(item).and_then(|(_, map)| map.as_mapping());
            map.is_some_and(|map| map.iter().any(|(key, _)| changed.contains(key)))
        };
        if !strangers && (changed.is_empty() || !items.iter().any(is_selected_by)) {
            return None;
        }
        let found = found(items);
        let index = Index::new(&found);
        let selecting = |(place, item)| {
            let (class, labels) = selector(item)?;
            let selected = index.selected(items, place, class, &labels).take(MOST).collect();
            Some(Selecting { place, labels, selected })
        };
        let selectors = items.iter().enumerate().filter_map(selecting).collect();
        Some(Self { found, selectors })
    }

    /// Says who selects others now that they are set.
    pub(super) fn warn(&self, pool: &Pool, includes_selectors: bool, at: &Locus, session: &mut Session) {
        let items = pool.items();
        let now = found(items);
        let index = Index::new(&now);
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for Selecting { place, labels: before, selected } in &self.selectors {
            let Some((class, labels)) = selector(&items[*place]) else { continue };
            let is_lost = |id: &&(usize, Class)| !now.get(*id).is_some_and(|found| selects(&labels, found));
            if let Some(id) = selected.iter().find(is_lost) {
                lost.push((*place, *id, labels));
                continue;
            }
            let is_gained =
                |id: &(usize, Class)| id.0 != *place && !self.found.get(id).is_some_and(|found| selects(before, found));
            gained.extend(index.selected(items, *place, class, &labels).find(is_gained).map(|id| (*place, id)));
        }
        let mut warn = |message: String, (place, count): (usize, usize), help: &str| {
            let more = if count > 1 { format!("; the same goes for {} more", count - 1) } else { String::new() };
            let warning = Diagnostic::new(&UNEXPECTED, message + &more).at(at.clone());
            session.warnings.add(warning.related(items[place].at.clone(), "it selects by labels").help(help));
        };
        if let Some((place, id, labels)) = lost.first() {
            let found = now.get(id);
            let other = |key: &Text| found.and_then(|found| found.get(key));
            let key = labels.iter().find(|(key, value)| other(key) != Some(*value));
            let why = key.map(|(key, value)| {
                let other = other(key).map_or_else(|| format!("no `{key}`"), |other| format!("`{key}: {other}`"));
                format!(": it selects `{key}: {value}`, and there is {other}")
            });
            let (what, why) = (whom(*id, *place, items), why.unwrap_or_default());
            let message = format!("`{}` no longer selects {what}{why}", items[*place].id);
            let kind = &items[*place].id.gvk.kind;
            let help = match (includes_selectors, key.and_then(|(key, _)| other(key))) {
                (true, None) => {
                    "list its fields under `commonLabels` in a file of `configurations`, or give the labels without `includeSelectors`"
                }
                (true, Some(_)) => {
                    "list its fields under `commonLabels` in a file of `configurations`, or give the label another key"
                }
                (false, _) if UNKNOWN.iter().any(|unknown| kind == unknown) => "give the label another key",
                (false, _) => "give the labels with `includeSelectors: true`, or under another key",
            };
            warn(message, (*place, lost.len()), help);
        }
        if let Some((place, id)) = gained.first() {
            let what = whom(*id, *place, items);
            let message = format!("`{}` selects {what} too, as these labels make them alike", items[*place].id);
            let help = "give the labels with `labels`, without `includeSelectors`, or under another key";
            warn(message, (*place, gained.len()), help);
        }
    }
}

/// What something is called that an object selects.
fn whom((place, class): (usize, Class), by: usize, items: &[Item]) -> String {
    let id = &items[place].id;
    if class == Class::Services || id.gvk.kind == "Pod" {
        format!("`{id}`")
    } else if place == by {
        "its own pods".to_owned()
    } else {
        format!("the pods of `{id}`")
    }
}

fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Notes the keys under which an object or its pods have another label; whether there are pods of a kind that kustomize does not know,
/// whose labels stay as they are.
fn note_changes<'p>(item: &Item, pairs: &'p IndexMap<String, String>, changed: &mut IdSet<&'p str>) -> bool {
    let labels = [pods(item), services(item)].into_iter().flatten().filter_map(Node::as_mapping);
    for entry in labels.flat_map(|labels| &labels.entries) {
        if let Some((key, value)) = pairs.get_key_value(entry.key.as_str())
            && **text_of(&entry.value) != **value
        {
            changed.insert(key);
        }
    }
    pods(item).is_some() && PODS.iter().all(|(kind, _)| item.id.gvk.kind != *kind)
}

fn pods(item: &Item) -> Option<&Node> {
    let path = PODS.iter().find(|(kind, _)| item.id.gvk.kind == *kind).map_or(TEMPLATE, |(_, path)| path);
    item.node.at(path.iter().copied())
}

fn services(item: &Item) -> Option<&Node> {
    let is_service = item.id.gvk.kind == "Service" && item.id.gvk.group.is_empty();
    if is_service { item.node.at(["metadata", "labels"]) } else { None }
}

fn found(items: &[Item]) -> Found {
    let of_item = |(place, item)| {
        let found = [(Class::Pods, pods(item)), (Class::Services, services(item))];
        found.into_iter().filter_map(move |(class, node)| Some(((place, class), labels(node?)?)))
    };
    items.iter().enumerate().flat_map(of_item).collect()
}

fn labels(node: &Node) -> Option<Labels> {
    let entries = &node.as_mapping()?.entries;
    Some(entries.iter().map(|entry| (entry.key.scalar.text.clone(), text_of(&entry.value).clone())).collect())
}

/// The labels by which an object selects; nothing where it selects all, or by more than labels.
fn selector(item: &Item) -> Option<(Class, Labels)> {
    let (class, map) = selector_map(item)?;
    Some((class, labels(map)?)).filter(|(_, labels)| !labels.is_empty())
}

fn selector_map(item: &Item) -> Option<(Class, &Node)> {
    let (_, path, class) = SELECTORS.iter().find(|(kind, ..)| item.id.gvk.kind == *kind)?;
    let (last, above) = path.split_last()?;
    let above = item.node.at(above.iter().copied())?;
    let is_more = above.get("matchExpressions").is_some();
    above.get(last).filter(|_| !is_more).map(|map| (*class, map))
}

/// What has a label.
struct Index<'f> {
    found: &'f Found,
    by_label: IdMap<(&'f Text, &'f Text), Vec<(usize, Class)>>,
}

impl<'f> Index<'f> {
    fn new(found: &'f Found) -> Self {
        let mut by_label: IdMap<_, Vec<_>> = IdMap::default();
        for (id, labels) in found {
            for label in labels {
                by_label.entry(label).or_default().push(*id);
            }
        }
        Self { found, by_label }
    }

    /// What labels select in the namespace of the object at a place.
    fn selected<'a>(
        &'a self,
        items: &'a [Item],
        place: usize,
        class: Class,
        labels: &'a Labels,
    ) -> impl Iterator<Item = (usize, Class)> + 'a {
        let with_one = labels.iter().map(|label| self.by_label.get(&label).map_or(&[][..], Vec::as_slice));
        let rarest = with_one.min_by_key(|ids| ids.len()).unwrap_or_default();
        let namespace = items[place].id.effective_namespace();
        rarest.iter().copied().filter(move |id| {
            id.1 == class
                && self.found.get(id).is_some_and(|found| selects(labels, found))
                && items[id.0].id.effective_namespace() == namespace
        })
    }
}
