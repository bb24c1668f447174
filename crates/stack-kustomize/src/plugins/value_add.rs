//! `ValueAddTransformer`: puts a value into fields, or into paths that fields hold.

use stack_krm::yaml::{Mapping, Node, Scalar, Tag, Value};

use super::records::ValueTarget;
use super::{Plugin, ValueAdd};
use crate::documents::{Source, documents};
use crate::error::Result;
use crate::field_path::split;
use crate::item::{plain_key, replace, text_of};
use crate::layer::Session;
use crate::pool::Pool;
use crate::selector::Pattern;
use crate::transform::namespace::{Namespace, Subjects};

pub(super) fn run(plugin: &Plugin<'_, '_>, pool: &mut Pool, _: &mut Session) -> Result<()> {
    let config: ValueAdd = plugin.config()?;
    let at = &plugin.config.at;
    let mut value = config.value.trim().to_owned();
    if value.is_empty() {
        plugin.place.folder.name().unwrap_or_default().clone_into(&mut value);
    }
    let mut targets = config.targets;
    if !config.target_file_path.is_empty() {
        let (path, text) = plugin.place.text(&config.target_file_path, at)?;
        let root = documents(text, &Source::File(&path))?.into_iter().next();
        targets.extend(plugin.read::<ValueAdd>(root.as_ref())?.targets);
    }
    if targets.is_empty() {
        return plugin.refuse("the plugin has no targets", "add `targets`");
    }
    for target in &targets {
        if target.field_path.is_empty() || target.file_path_position < 0 {
            return plugin.refuse("a target needs a `fieldPath`, and a position of zero or more", "add `fieldPath`");
        }
        let places = match &target.selector {
            Some(selector) => Pattern::new(selector, at)?.select(pool),
            None => (0..pool.len()).collect(),
        };
        for place in places {
            put(plugin, pool, place, target, &value)?;
        }
    }
    Ok(())
}

fn put(plugin: &Plugin<'_, '_>, pool: &mut Pool, place: usize, target: &ValueTarget, value: &str) -> Result<()> {
    if target.field_path == "metadata/namespace" {
        let item = pool.item_mut(place);
        let namespace = Namespace { name: value, specs: &[], unset_only: false, subjects: Subjects::Default };
        namespace.set_one(item)?;
        pool.changed(place);
        return Ok(());
    }
    let mut node = &mut pool.item_mut(place).node;
    for part in split(&target.field_path, '/') {
        if node.is_null() {
            node.value = Value::Mapping(Mapping::new());
        }
        let Value::Mapping(map) = &mut node.value else {
            return plugin.refuse(&format!("`{}` leads through what is no map", target.field_path), "mend the path");
        };
        if map.get(&part).is_none() {
            map.insert(plain_key(&part.as_str().into()), Node::null());
        }
        match map.get_mut(&part) {
            Some(next) => node = next,
            None => return Ok(()),
        }
    }
    let text = match usize::try_from(target.file_path_position) {
        Ok(position @ 1..) => with_part(if node.is_null() { "" } else { text_of(node) }, position - 1, value),
        _ => value.to_owned(),
    };
    if node.as_scalar().is_none_or(|scalar| scalar.tag == Tag::Null) && !node.is_null() {
        return plugin.refuse(&format!("`{}` is no single value", target.field_path), "mend the path");
    }
    replace(node, Value::Scalar(Scalar::plain(text)).into());
    pool.changed(place);
    Ok(())
}

/// A path with one more part at a position.
fn with_part(path: &str, position: usize, part: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}
