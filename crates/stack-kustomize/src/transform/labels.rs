//! `labels` and `commonLabels`.

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::yaml::{Entry, Node, Tag, Text, Value};

use self::selections::{Others, Selections};
use super::each::{Change, Changes};
use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::{Spec, Specs, merge_all, merge_one};
use crate::id_map::{FEW, IdMap};
use crate::item::{Item, ShortList};
use crate::kustomization::Step;
use crate::kyaml::{plain_key, put, replace, string};
use crate::layer::{Layer, Session};
use crate::pool::Pool;
use crate::shared::Shared;

mod elsewhere;
mod selections;

pub(crate) fn changes<'a>(layer: &'a Layer<'_>) -> Result<Changes<'a>> {
    let kustomization = layer.kustomization();
    if kustomization.labels.is_empty() && kustomization.common_labels.is_empty() {
        return Ok(Vec::new());
    }
    let configuration = &layer.configuration;
    let mut entries = Vec::with_capacity(kustomization.labels.len() + 1);
    for (index, label) in kustomization.labels.iter().enumerate() {
        let at = layer.file.entry("labels", index);
        let mut specs: Specs = label.fields.iter().map(Spec::from).collect();
        merge_all(&mut specs, &configuration.labels, &at)?;
        if label.include_selectors {
            merge_all(&mut specs, &configuration.common_labels, &at)?;
        } else {
            if label.include_templates {
                merge_all(&mut specs, &configuration.template_labels, &at)?;
            }
            let own = Spec::new(stack_krm::Gvk::default(), Text::from("metadata/labels"), true);
            merge_one(&mut specs, &own, &at)?;
        }
        let set = SetEntries::new(&label.pairs, specs);
        entries.push(SetLabels { set, selections: Selections::new(label.include_selectors, at) });
    }
    let set = SetEntries::new(&kustomization.common_labels, &configuration.common_labels);
    let at = layer.file.at(&[Step::Key("commonLabels")]);
    entries.push(SetLabels { set, selections: Selections::new(true, at) });
    Ok(vec![Box::new(AllLabels(entries))])
}

/// What one entry of `labels`, or `commonLabels`, sets.
struct SetLabels<'a> {
    set: SetEntries<'a>,
    selections: Selections,
}

/// All entries in their order. What one does to selectors is told when all are through: a later one may mend it.
struct AllLabels<'a>(Vec<SetLabels<'a>>);

impl Change for AllLabels<'_> {
    fn runs(&self) -> usize {
        self.0.len()
    }

    fn change(&mut self, item: &mut Item, session: &mut Session) -> Result<()> {
        for SetLabels { set, selections } in self.0.iter_mut().filter(|entry| !entry.set.pairs.is_empty()) {
            selections.note(item, &set.pairs, session);
            set.change(item, session)?;
        }
        Ok(())
    }

    fn end(&self, pool: &Pool, session: &mut Session) {
        let nexts = shared(self.0.iter().rev(), |_, nearer| nearer);
        let firsts = shared(self.0.iter(), |first, _| first);
        for ((SetLabels { set, selections }, first), next) in self.0.iter().zip(&firsts).zip(nexts.iter().rev()) {
            selections.warn(&set.pairs, (first, next), pool, session);
        }
    }
}

/// For each entry, the keys that entries before it have too, each with the one of them that is chosen.
fn shared<'s>(
    entries: impl Iterator<Item = &'s SetLabels<'s>>,
    choose: fn(&'s Selections, &'s Selections) -> &'s Selections,
) -> Vec<Others<'s>> {
    let mut known: IdMap<&Text, &Selections> = IdMap::default();
    let of_entry = |entry: &'s SetLabels<'s>| {
        let keys = || entry.set.pairs.iter().map(|(key, _)| key);
        let shared = keys().filter_map(|key| Some((key, *known.get(key)?))).collect();
        for key in keys() {
            known.entry(key).and_modify(|other| *other = choose(other, &entry.selections)).or_insert(&entry.selections);
        }
        shared
    };
    entries.map(of_entry).collect()
}

/// Entries of the maps that field specs lead to.
pub(crate) struct SetEntries<'a> {
    pairs: Vec<(Text, Node)>,
    specs: ByType<'a>,
    /// The values for one object.
    values: Vec<(Text, Node)>,
}

impl<'a> SetEntries<'a> {
    pub(crate) fn new(pairs: &IndexMap<String, String>, specs: impl Into<Cow<'a, [Spec]>>) -> Self {
        let mut pairs: Vec<(Text, Node)> =
            pairs.iter().map(|(key, value)| (key.into(), string(&value.into()))).collect();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        let values = Vec::with_capacity(pairs.len());
        Self { pairs, specs: ByType::new(specs), values }
    }
}

impl Change for SetEntries<'_> {
    fn change(&mut self, item: &mut Item, _: &mut Session) -> Result<()> {
        let Self { pairs, specs, values } = self;
        if pairs.is_empty() {
            return Ok(());
        }
        let specs = specs.of(&item.id.gvk);
        let mut groups = ShortList::new();
        if specs.len() > 1 {
            groups.extend(pairs.iter().enumerate().map(|(nth, (_, value))| Shared::new(item, nth, value)));
            values.extend(pairs.iter().zip(&groups).map(|((key, _), group)| (key.clone(), group.node())));
        } else {
            values.extend(pairs.iter().cloned());
        }
        if values.len() > FEW {
            for spec in specs {
                change(item, spec, Make::Map, |node| set_entries(node, values))?;
            }
        } else {
            for (key, value) in &*values {
                for spec in specs {
                    change(item, spec, Make::Map, |node| set_entry(node, key, value))?;
                }
            }
        }
        values.clear();
        item.mend_shared();
        item.shared.append(&mut groups);
        Ok(())
    }
}

fn set_entries(node: &mut Node, values: &[(Text, Node)]) -> Result<(), DeadEnd> {
    let map = match &mut node.value {
        Value::Mapping(map) => map,
        Value::Scalar(scalar) if scalar.tag == Tag::Null => return Ok(()),
        _ => return Err(no_map(node)),
    };
    let mut places: IdMap<Text, usize> = IdMap::default();
    for (place, entry) in map.entries.iter().enumerate() {
        places.entry(entry.key.scalar.text.clone()).or_insert(place);
    }
    for (key, value) in values {
        match places.get(key) {
            Some(place) => replace(&mut map.entries[*place].value, value.clone()),
            None => map.entries.push(Entry { key: plain_key(key), value: value.clone() }),
        }
    }
    Ok(())
}

fn no_map(node: &Node) -> DeadEnd {
    DeadEnd::because(node, format!("expected a map, found {}", node.kind()))
}

fn set_entry(node: &mut Node, key: &Text, value: &Node) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Mapping(map) => {
            put(map, key, value.clone());
            Ok(())
        }
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        _ => Err(no_map(node)),
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, Text, read};

    use super::{set_entries, set_entry};

    #[test]
    fn many_entries_are_set_as_each_is() {
        for map in ["{}", "{k3: 'a', x: 1, k1: null}", "null", "[]"] {
            let mut one = read(map, &Limits::default()).unwrap().remove(0).root;
            let mut other = one.clone();
            let keys: Vec<Text> = (0..40).map(|n| format!("k{n}").into()).collect();
            let values: Vec<_> = keys.iter().map(|key| (key.clone(), Node::string("b"))).collect();
            let all = set_entries(&mut one, &values);
            let each = values.iter().try_for_each(|(key, value)| set_entry(&mut other, key, value));
            assert_eq!((all.is_ok(), format!("{one:?}")), (each.is_ok(), format!("{other:?}")));
        }
    }
}
