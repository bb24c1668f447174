//! `namePrefix` and `nameSuffix`.

use std::borrow::Cow;

use stack_krm::Gvk;
use stack_krm::yaml::{Node, Text, Value};

use super::each::{Change, Changes};
use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::item::Item;
use crate::kyaml::{set_text, text_of};
use crate::layer::{Layer, Session};

/// Which end of a name changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Prefix,
    Suffix,
}

/// Kinds whose names mean something to others: a Namespace's, and those that name what they define.
static SKIPPED: &[(&str, &str)] =
    &[("", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"), ("", "Namespace")];

pub(crate) fn prefix<'a>(layer: &'a Layer<'_>) -> Result<Changes<'a>> {
    of(&layer.kustomization().name_prefix, End::Prefix, &layer.configuration.name_prefix)
}

pub(crate) fn suffix<'a>(layer: &'a Layer<'_>) -> Result<Changes<'a>> {
    of(&layer.kustomization().name_suffix, End::Suffix, &layer.configuration.name_suffix)
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds functions of one type")]
fn of<'a>(text: &str, end: End, specs: &'a [Spec]) -> Result<Changes<'a>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Box::new(Lengthen::new(text, end, specs))])
}

/// Lengthens names, and what else the specs lead to.
pub(crate) struct Lengthen<'a> {
    text: Text,
    end: End,
    specs: ByType<'a>,
    skipped: Vec<Gvk>,
}

impl<'a> Lengthen<'a> {
    pub(crate) fn new(text: &str, end: End, specs: impl Into<Cow<'a, [Spec]>>) -> Self {
        let skipped = SKIPPED.iter().map(|(group, kind)| Gvk::new(*group, "", *kind)).collect();
        Self { text: Text::from(text), end, specs: ByType::new(specs), skipped }
    }
}

impl Change for Lengthen<'_> {
    fn renames(&self) -> bool {
        true
    }

    fn change(&mut self, item: &mut Item, _: &mut Session) -> Result<()> {
        let Self { text, end, specs, skipped } = self;
        let original = &item.original().gvk;
        if skipped.iter().any(|gvk| original.is_selected_by(gvk)) {
            return Ok(());
        }
        for spec in specs.of(original) {
            if spec.path == "metadata/name" && !text.is_empty() {
                let affixes = if *end == End::Prefix { &mut item.prefixes } else { &mut item.suffixes };
                affixes.push(text.clone());
                item.remember();
            }
            if item.id.gvk.is_selected_by(&spec.gvk) {
                change(item, spec, Make::Scalar, |node| lengthen(node, text, *end))?;
            }
            item.refresh();
        }
        Ok(())
    }
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
