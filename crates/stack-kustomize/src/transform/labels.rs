//! `labels` and `commonLabels`.

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Tag, Text, Value};

use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::{Spec, Specs, merge_all, merge_one};
use crate::layer::{Layer, Session};
use crate::pool::Pool;
use crate::shared::{Shared, missing};

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
            let own = Spec::new(stack_krm::Gvk::default(), Text::from_static("metadata/labels"), true);
            merge_one(&mut specs, &own, &at)?;
        }
        set(pool, &label.pairs, &specs)?;
        layer.done(PLUGIN, pool, session);
    }
    set(pool, &kustomization.common_labels, &configuration.common_labels)?;
    layer.done(PLUGIN, pool, session);
    Ok(())
}

/// Sets entries of the maps that the specs lead to.
pub(crate) fn set(pool: &mut Pool, pairs: &IndexMap<String, String>, specs: &[Spec]) -> Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut pairs: Vec<(Text, Node)> = pairs.iter().map(|(key, value)| (key.into(), Node::string(value))).collect();
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut by_type = ByType::new(specs);
    for item in pool.items_mut() {
        let gvk = item.id.gvk.clone();
        let specs = by_type.of(&gvk);
        if let [only] = specs {
            change(item, only, Make::Map, |node| set_all(node, &pairs))?;
            item.mend_shared();
            continue;
        }
        let mut groups: Vec<Shared> = pairs.iter().map(|(key, value)| Shared::new(key, value)).collect();
        for spec in specs {
            let were_missing = missing(item, &spec.steps, pairs.iter().map(|(key, _)| key));
            change(item, spec, Make::Map, |node| set_all(node, &pairs))?;
            for (group, _) in groups.iter_mut().zip(were_missing).filter(|(_, was_missing)| *was_missing) {
                group.add(item, &spec.steps);
            }
        }
        item.mend_shared();
        item.shared.extend(groups.into_iter().filter(Shared::is_shared));
    }
    Ok(())
}

fn set_all(node: &mut Node, pairs: &[(Text, Node)]) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Mapping(map) => {
            for (key, value) in pairs {
                crate::item::put(map, key, value.clone());
            }
            Ok(())
        }
        Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
        _ => Err(DeadEnd::because(node, format!("expected a map, found {}", node.kind()))),
    }
}
