//! `labels` and `commonLabels`.

use indexmap::IndexMap;
use stack_krm::yaml::{Entry, Node, Tag, Text, Value};
use stack_source::Locus;

use self::selected::Selections;
use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::{Spec, Specs, merge_all, merge_one};
use crate::id_map::{FEW, IdMap};
use crate::item::Item;
use crate::kustomization::Step;
use crate::kyaml::{plain_key, put, replace, string};
use crate::layer::{Layer, Session};
use crate::pool::Pool;
use crate::rules::UNEXPECTED;
use crate::shared::Shared;

mod selected;

const PLUGIN: &str = "LabelTransformer";

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let kustomization = layer.kustomization();
    if kustomization.labels.is_empty() && kustomization.common_labels.is_empty() {
        return Ok(());
    }
    let configuration = &layer.configuration;
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
        if label.include_selectors && !label.pairs.is_empty() {
            warn_of_selectors(pool, &at, session);
        }
        let selections = Selections::before(pool, &label.pairs);
        set(pool, &label.pairs, &specs)?;
        if let Some(selections) = selections {
            selections.warn(pool, label.include_selectors, &at, session);
        }
        layer.done(PLUGIN, pool, session);
    }
    let at = layer.file.at(&[Step::Key("commonLabels")]);
    if !kustomization.common_labels.is_empty() {
        warn_of_selectors(pool, &at, session);
    }
    let selections = Selections::before(pool, &kustomization.common_labels);
    set(pool, &kustomization.common_labels, &configuration.common_labels)?;
    if let Some(selections) = selections {
        selections.warn(pool, true, &at, session);
    }
    layer.done(PLUGIN, pool, session);
    Ok(())
}

/// A Service without a selector has its endpoints from elsewhere, until labels give it one.
fn warn_of_selectors(pool: &Pool, at: &Locus, session: &mut Session) {
    let is_open = |item: &&Item| {
        item.id.gvk.kind == "Service"
            && item.id.gvk.api_version() == "v1"
            && item.node.at(["spec", "selector"]).is_none_or(Node::is_null)
    };
    for item in pool.items().iter().filter(is_open) {
        let message = format!("`{}` has no selector, and gets one of these labels", item.id);
        session.warn(&UNEXPECTED, message, at, "give the labels with `labels`, without `includeSelectors`");
    }
}

/// Sets entries of the maps that the specs lead to.
pub(crate) fn set(pool: &mut Pool, pairs: &IndexMap<String, String>, specs: &[Spec]) -> Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut pairs: Vec<(Text, Node)> = pairs.iter().map(|(key, value)| (key.into(), string(&value.into()))).collect();
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut by_type = ByType::new(specs);
    let (mut groups, mut values) = (Vec::new(), Vec::with_capacity(pairs.len()));
    for item in pool.items_mut() {
        let specs = by_type.of(&item.id.gvk);
        for (nth, (key, value)) in pairs.iter().enumerate() {
            let group = (specs.len() > 1).then(|| Shared::new(item, nth, value));
            values.push((key, group.as_ref().map_or_else(|| value.clone(), Shared::node)));
            groups.extend(group);
        }
        if values.len() > FEW {
            for spec in specs {
                change(item, spec, Make::Map, |node| set_entries(node, &values))?;
            }
        } else {
            for (key, value) in &values {
                for spec in specs {
                    change(item, spec, Make::Map, |node| set_entry(node, key, value))?;
                }
            }
        }
        values.clear();
        item.mend_shared();
        item.shared.reserve_exact(groups.len());
        item.shared.append(&mut groups);
    }
    Ok(())
}

fn set_entries(node: &mut Node, values: &[(&Text, Node)]) -> Result<(), DeadEnd> {
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
        match places.get(*key) {
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
            let values: Vec<_> = keys.iter().map(|key| (key, Node::string("b"))).collect();
            let all = set_entries(&mut one, &values);
            let each = values.iter().try_for_each(|(key, value)| set_entry(&mut other, key, value));
            assert_eq!((all.is_ok(), format!("{one:?}")), (each.is_ok(), format!("{other:?}")));
        }
    }
}
