//! `ValueAddTransformer`: puts a value into fields, or into paths that fields hold.

use stack_krm::yaml::{Mapping, Node, Scalar, Sequence, Value};

use super::records::ValueTarget;
use super::{Manner, Plugin, ValueAdd};
use crate::depth;
use crate::documents::{Counts, Source, documents};
use crate::error::Result;
use crate::field_path::split;
use crate::kyaml::{plain_key, replace, text_of};
use crate::layer::Session;
use crate::pool::Pool;
use crate::selector::Pattern;
use crate::transform::namespace::{Namespace, Subjects};

pub(super) fn run(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: ValueAdd = plugin.config(session)?;
    let at = &plugin.config.at;
    let mut value = config.value.trim().to_owned();
    if value.is_empty() {
        plugin.place.folder.name().unwrap_or_default().clone_into(&mut value);
    }
    let mut targets = config.targets;
    if !config.target_file_path.is_empty() {
        let (path, text) = plugin.place.text(&config.target_file_path, at)?;
        let root = documents(text, Counts::Last, &Source::File(&path), session)?.roots.into_iter().next();
        targets.extend(plugin.read::<ValueAdd>(root.as_ref(), Manner::Plugin, session)?.targets);
    }
    if targets.is_empty() {
        return plugin.refuse("the plugin has no targets", "add `targets`");
    }
    for target in &targets {
        if target.field_path.is_empty() || target.file_path_position < 0 {
            return plugin.refuse("a target needs a `fieldPath`, and a position of zero or more", "add `fieldPath`");
        }
        let places = match &target.selector {
            Some(selector) => Pattern::new(selector, at)?.select(pool)?,
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
    let parts = split(&target.field_path, '/');
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let found = depth::check_levels(parts.len()).and_then(|()| find_or_make(&mut pool.item_mut(place).node, &parts));
    let node = match found {
        Ok(Some(node)) => node,
        Ok(None) => return Ok(()),
        Err(why) => return plugin.refuse(&format!("`{}`: {why}", target.field_path), "mend the path"),
    };
    let text = match usize::try_from(target.file_path_position) {
        Ok(position @ 1..) => with_part(text_of(node), position - 1, value),
        _ => value.to_owned(),
    };
    if node.as_scalar().is_none() {
        return plugin.refuse(&format!("`{}` is no single value", target.field_path), "mend the path");
    }
    replace(node, Value::Scalar(Scalar::plain(text)).into());
    pool.item_mut(place).mend_shared();
    pool.changed(place);
    Ok(())
}

/// The field that a path leads to, made where it is missing; nothing where the path ends in a null, or in an element that is not
/// there.
fn find_or_make<'n>(node: &'n mut Node, path: &[&str]) -> Result<Option<&'n mut Node>, String> {
    let Some((part, rest)) = path.split_first() else { return Ok(Some(node)) };
    if node.is_null() {
        return Ok(None);
    }
    let kind = node.kind();
    let no_list = || format!("`{part}` asks for an element of a list, and this is {kind}");
    let next = if let Some(place) = element(part) {
        let list = node.as_sequence_mut().ok_or_else(no_list)?;
        match place {
            Element::At(index) => list.get_mut(index),
            Element::Last => list.last_mut(),
        }
    } else if let Some(condition) = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
        let (key, value) = condition.split_once('=').ok_or_else(|| format!("`{part}` must say what to match"))?;
        let list = node.as_sequence_mut().ok_or_else(no_list)?;
        let is_it = |node: &Node| *text_of(if key.is_empty() { node } else { node.get(key).unwrap_or(node) }) == value;
        let place = list.iter().position(is_it).unwrap_or_else(|| {
            let scalar: Node = Value::Scalar(Scalar::plain(value)).into();
            list.push(if key.is_empty() { scalar } else { Node::mapping([(plain_key(&key.into()), scalar)]) });
            list.len() - 1
        });
        list.get_mut(place)
    } else if *part == "*" {
        return Err("`*` has no meaning here".to_owned());
    } else {
        let map = node.as_mapping_mut().ok_or_else(|| format!("`{part}` is no field of {kind}"))?;
        if map.get(part).is_none() {
            let is_list = |part: &str| element(part).is_some() || part.starts_with('[') && part.ends_with(']');
            let made = match rest.first() {
                None => Value::Scalar(Scalar::string("")),
                Some(part) if is_list(part) => Value::Sequence(Sequence::default()),
                Some(_) => Value::Mapping(Mapping::new()),
            };
            map.insert(plain_key(&(*part).into()), made.into());
        }
        map.get_mut(part)
    };
    match next {
        Some(next) => find_or_make(next, rest),
        None => Ok(None),
    }
}

/// Which element of a list a part of a path means.
enum Element {
    At(usize),
    Last,
}

fn element(part: &str) -> Option<Element> {
    if part == "-" { Some(Element::Last) } else { part.parse().ok().map(Element::At) }
}

/// A path with one more part at a position.
fn with_part(path: &str, position: usize, part: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}
