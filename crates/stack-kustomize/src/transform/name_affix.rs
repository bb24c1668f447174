//! `namePrefix` and `nameSuffix`.

use stack_krm::Gvk;
use stack_krm::yaml::{Node, Text, Value};

use super::specs::change;
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::item::push_only;
use crate::kyaml::{set_text, text_of};
use crate::layer::{Layer, Session};
use crate::pool::Pool;

/// Which end of a name changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Prefix,
    Suffix,
}

/// Kinds whose names mean something to others: a Namespace's, and those that name what they define.
static SKIPPED: &[(&str, &str)] =
    &[("", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"), ("", "Namespace")];

pub(crate) fn prefix(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let text = &layer.kustomization().name_prefix;
    if text.is_empty() {
        return Ok(());
    }
    add(pool, text, End::Prefix, &layer.configuration.name_prefix)?;
    layer.done("PrefixTransformer", pool, session);
    Ok(())
}

pub(crate) fn suffix(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let text = &layer.kustomization().name_suffix;
    if text.is_empty() {
        return Ok(());
    }
    add(pool, text, End::Suffix, &layer.configuration.name_suffix)?;
    layer.done("SuffixTransformer", pool, session);
    Ok(())
}

/// Lengthens names, and what else the specs lead to.
pub(crate) fn add(pool: &mut Pool, text: &str, end: End, specs: &[Spec]) -> Result<()> {
    let skipped: Vec<Gvk> = SKIPPED.iter().map(|(group, kind)| Gvk::new(*group, "", *kind)).collect();
    let text = Text::from(text);
    for item in pool.items_to_rename() {
        let original = item.original().gvk.clone();
        if skipped.iter().any(|gvk| original.is_selected_by(gvk)) {
            continue;
        }
        for spec in specs.iter().filter(|spec| original.is_selected_by(&spec.gvk)) {
            if spec.path == "metadata/name" && !text.is_empty() {
                let affixes = if end == End::Prefix { &mut item.prefixes } else { &mut item.suffixes };
                push_only(affixes, text.clone());
                item.remember();
            }
            if item.id.gvk.is_selected_by(&spec.gvk) {
                change(item, spec, Make::Scalar, |node| lengthen(node, &text, end))?;
            }
            item.refresh();
        }
    }
    Ok(())
}

fn lengthen(node: &mut Node, text: &str, end: End) -> Result<(), DeadEnd> {
    if !matches!(node.value, Value::Scalar(_)) {
        return Err(DeadEnd::because(node, format!("expected a single value, found {}", node.kind())));
    }
    let old = text_of(node);
    let new = if end == End::Prefix { [text, old].concat() } else { [old, text].concat() };
    set_text(node, new);
    Ok(())
}
