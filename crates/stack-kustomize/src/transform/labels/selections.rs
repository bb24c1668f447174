//! Labels that come between selectors and what those select.

use std::cell::Cell;

use stack_krm::yaml::{Node, Text};
use stack_source::{Diagnostic, Locus};

use super::elsewhere;
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
const CONTAINERS: Path = &["spec", "template", "spec", "containers"];

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

/// How many things that may be selected are looked at, for all selectors together, where there are not many more objects: thousands of
/// objects may all have the same label.
const LOOKS: usize = 1 << 16;

/// Things with labels: where the object stands that is one or makes some, what they are, and their labels.
type Found = IdMap<(usize, Class), Labels>;

/// What has labels: pods or Services, or a selector.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Found(Class),
    Selector,
}

/// Keys under which other entries set labels too, each with what one of them found there.
pub(super) type Others<'s> = Vec<(&'s Text, &'s Selections)>;

/// Who selects what, and what that was before labels were set. While they are, only what was there under their keys is noted: it is
/// nearly always nothing.
pub(super) struct Selections {
    includes_selectors: bool,
    at: Locus,
    /// How many objects were seen.
    seen: usize,
    old: IdMap<(usize, Holder), Labels>,
    /// Keys under which something had another label.
    changed: IdSet<Text>,
    /// Whether there are pods of a kind that kustomize does not know, whose labels stay as they are.
    strangers: bool,
}

impl Selections {
    pub(super) fn new(includes_selectors: bool, at: Locus) -> Self {
        let (old, changed) = (IdMap::default(), IdSet::default());
        Self { includes_selectors, at, seen: 0, old, changed, strangers: false }
    }

    /// Notes what an object, which is the next one, has under keys that are about to be set.
    pub(super) fn note(&mut self, item: &Item, pairs: &[(Text, Node)], session: &mut Session) {
        if self.includes_selectors {
            elsewhere::warn(item, pairs, &self.at, session);
        }
        let (pods, selector) = (pods(item), selector_map(item).map(|(_, map)| map));
        let holders = [
            (Holder::Found(Class::Pods), pods),
            (Holder::Found(Class::Services), services(item)),
            (Holder::Selector, selector),
        ];
        for (holder, map) in holders {
            for entry in map.and_then(Node::as_mapping).into_iter().flat_map(|map| &map.entries) {
                let (key, is) = (&entry.key.scalar.text, text_of(&entry.value));
                let Some(value) = value(pairs, key) else { continue };
                self.old.entry((self.seen, holder)).or_default().insert(key.clone(), is.clone());
                if holder != Holder::Selector && is != value {
                    self.changed.insert(key.clone());
                }
            }
        }
        self.strangers |= pods.is_some() && PODS.iter().all(|(kind, _)| item.id.gvk.kind != *kind);
        self.seen += 1;
    }

    /// What a holder had before its labels were set.
    fn before(&self, place: usize, holder: Holder, now: &Labels, pairs: &[(Text, Node)]) -> Labels {
        let kept = now.iter().filter(|(key, _)| value(pairs, key).is_none());
        let old = self.old.get(&(place, holder)).into_iter().flatten();
        kept.chain(old).map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// What a holder had when other entries came to it.
    fn found_by(others: &Others<'_>, place: usize, holder: Holder, labels: &Labels) -> Labels {
        let mut found = labels.clone();
        for (key, other) in others {
            match other.old.get(&(place, holder)).and_then(|old| old.get(*key)) {
                Some(value) => found.insert((*key).clone(), value.clone()),
                None => found.swap_remove(*key),
            };
        }
        found
    }

    /// Says who selects others now that labels are set, did so before the next entries of the same keys set theirs, and did not before
    /// the first ones.
    pub(super) fn warn(
        &self,
        pairs: &[(Text, Node)],
        (first, next): (&Others<'_>, &Others<'_>),
        pool: &Pool,
        session: &mut Session,
    ) {
        let selects_changed = |((_, holder), labels): (&(usize, Holder), &Labels)| {
            *holder == Holder::Selector && labels.keys().any(|key| self.changed.contains(key))
        };
        if !self.strangers && !self.old.iter().any(selects_changed) {
            return;
        }
        let items = pool.items();
        let now = found(items);
        let before =
            |(id, labels): (&(usize, Class), &Labels)| (*id, self.before(id.0, Holder::Found(id.1), labels, pairs));
        let before: Found = now.iter().map(before).collect();
        let (index, index_before) = (Index::new(&now, items), Index::new(&before, items));
        let looks = Cell::new(LOOKS.max(MOST * items.len()));
        let (mut lost, mut gained) = (Vec::new(), Vec::new());
        for (place, item) in items.iter().enumerate() {
            let Some((class, labels)) = selector(item) else { continue };
            if labels.keys().all(|key| value(pairs, key).is_none()) {
                continue;
            }
            let namespace = item.id.effective_namespace();
            let was = self.before(place, Holder::Selector, &labels, pairs);
            let [at_first, after] = [(first, &was), (next, &labels)]
                .map(|(others, labels)| Self::found_by(others, place, Holder::Selector, labels));
            let found_by = |others, id: (usize, Class), found| Self::found_by(others, id.0, Holder::Found(id.1), found);
            let missed = |id: (usize, Class)| {
                let found = now.get(&id)?;
                missed(&labels, found, pairs)?;
                missed(&after, &found_by(next, id, found), pairs).map(|_| id)
            };
            if let Some(id) = index_before.selected(namespace, class, &was, &looks).take(MOST).find_map(missed) {
                lost.push((place, id, labels));
                continue;
            }
            let is_gained = |id: &(usize, Class)| {
                let (Some(found), Some(found_before)) = (now.get(id), before.get(id)) else { return false };
                id.0 != place
                    && !selects(&was, found_before)
                    && !selects(&at_first, &found_by(first, *id, found_before))
                    && selects(&after, &found_by(next, *id, found))
            };
            gained.extend(index.selected(namespace, class, &labels, &looks).find(is_gained).map(|id| (place, id)));
        }
        let mut warn = |message: String, (place, count): (usize, usize), help: &str| {
            let more = if count > 1 { format!("; the same goes for {} more", count - 1) } else { String::new() };
            let warning = Diagnostic::new(&UNEXPECTED, message + &more).at(self.at.clone());
            session.warnings.add(warning.related(items[place].at.clone(), "it selects by labels").help(help));
        };
        if let Some((place, id, labels)) = lost.first() {
            let found = now.get(id);
            let missed = found.and_then(|found| missed(labels, found, pairs));
            let other = missed.and_then(|(key, _)| found?.get(key));
            let why = missed.map(|(key, value)| {
                let other = other.map_or_else(|| format!("no `{key}`"), |other| format!("`{key}: {other}`"));
                format!(": it selects `{key}: {value}`, and there is {other}")
            });
            let (what, why) = (whom(*id, *place, items), why.unwrap_or_default());
            let message = format!("`{}` no longer selects {what}{why}", items[*place].id);
            let kind = &items[*place].id.gvk.kind;
            let help = match (self.includes_selectors, other) {
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

/// The label that is set and that a selector does not find.
fn missed<'s>(selector: &'s Labels, labels: &Labels, pairs: &[(Text, Node)]) -> Option<(&'s Text, &'s Text)> {
    selector.iter().find(|(key, wanted)| value(pairs, key).is_some() && labels.get(*key) != Some(*wanted))
}

fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// The label that is set under a key.
fn value<'p>(pairs: &'p [(Text, Node)], key: &Text) -> Option<&'p Text> {
    let place = pairs.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
    Some(text_of(&pairs[place].1))
}

/// The labels of the pods that an object is or makes. A template of another kind may make anything: what has containers is a pod.
fn pods(item: &Item) -> Option<&Node> {
    let path = match PODS.iter().find(|(kind, _)| item.id.gvk.kind == *kind) {
        Some((_, path)) => path,
        None if item.node.at(CONTAINERS.iter().copied()).is_some() => TEMPLATE,
        None => return None,
    };
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

/// Where the things of a class stand that have a label in a namespace.
struct Index<'f> {
    found: &'f Found,
    by_label: IdMap<(Class, &'f Text, &'f Text, &'f Text), Vec<usize>>,
}

impl<'f> Index<'f> {
    fn new(found: &'f Found, items: &'f [Item]) -> Self {
        let mut by_label: IdMap<_, Vec<_>> = IdMap::default();
        for ((place, class), labels) in found {
            let namespace = items[*place].id.effective_namespace();
            for (key, value) in labels {
                by_label.entry((*class, namespace, key, value)).or_default().push(*place);
            }
        }
        Self { found, by_label }
    }

    /// What labels select in a namespace, as long as looks are left.
    fn selected<'a>(
        &'a self,
        namespace: &'a Text,
        class: Class,
        labels: &'a Labels,
        looks: &'a Cell<usize>,
    ) -> impl Iterator<Item = (usize, Class)> + 'a {
        let with = move |(key, value)| self.by_label.get(&(class, namespace, key, value));
        let with_one = labels.iter().map(move |label| with(label).map_or(&[][..], Vec::as_slice));
        let rarest = with_one.min_by_key(|places| places.len()).unwrap_or_default();
        let looked_at = rarest.iter().take_while(|_| looks.replace(looks.get().saturating_sub(1)) > 0);
        let ids = looked_at.map(move |place| (*place, class));
        ids.filter(|id| self.found.get(id).is_some_and(|found| selects(labels, found)))
    }
}
