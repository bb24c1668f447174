//! `labels` and `commonLabels`.

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Tag, Text, Value};
use stack_source::Locus;

use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::{Spec, Specs, merge_all, merge_one};
use crate::item::Item;
use crate::kustomization::Step;
use crate::kyaml::{put, string};
use crate::layer::{Layer, Session};
use crate::pool::Pool;
use crate::rules::UNEXPECTED;
use crate::shared::Shared;

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
        set(pool, &label.pairs, &specs)?;
        layer.done(PLUGIN, pool, session);
    }
    if !kustomization.common_labels.is_empty() {
        warn_of_selectors(pool, &layer.file.at(&[Step::Key("commonLabels")]), session);
    }
    set(pool, &kustomization.common_labels, &configuration.common_labels)?;
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
    let mut groups = Vec::new();
    for item in pool.items_mut() {
        let specs = by_type.of(&item.id.gvk);
        for (nth, (key, value)) in pairs.iter().enumerate() {
            let group = (specs.len() > 1).then(|| Shared::new(item, nth, value));
            let value = group.as_ref().map_or_else(|| value.clone(), Shared::node);
            for spec in specs {
                change(item, spec, Make::Map, |node| set_entry(node, key, &value))?;
            }
            groups.extend(group);
        }
        item.mend_shared();
        item.shared.reserve_exact(groups.len());
        item.shared.append(&mut groups);
    }
    Ok(())
}

fn set_entry(node: &mut Node, key: &Text, value: &Node) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Mapping(map) => {
            put(map, key, value.clone());
            Ok(())
        }
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        _ => Err(DeadEnd::because(node, format!("expected a map, found {}", node.kind()))),
    }
}
