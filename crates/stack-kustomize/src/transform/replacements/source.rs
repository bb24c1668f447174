//! The value that a replacement copies, which may be among what it changes.

use stack_krm::Gvk;
use stack_krm::yaml::{Node, Value};
use stack_source::Span;

use super::options::piece;
use super::path::{Make, exact, find, parts, visit};
use super::wanted::Wanted;
use super::{DEFAULT_PATH, Written, near, refuse};
use crate::error::Result;
use crate::kustomization::{FieldOptions, ReplacementSource, Selector, Step};
use crate::pool::Pool;
use crate::selector::Pattern;
use crate::shared::{BARE, SOURCE};

/// What is copied.
pub(super) struct Copied {
    pub(super) value: Node,
    /// Where it stands, unless it is only a piece of that: what changes there is what is copied from then on.
    from: Option<(usize, Vec<String>)>,
}

/// A value that is marked as the one that is copied.
pub(super) struct Marked {
    span: Span,
}

impl Marked {
    pub(super) fn put_on(node: &mut Node) -> Self {
        Self { span: std::mem::replace(&mut node.span, SOURCE) }
    }

    /// Whether it was on it.
    pub(super) fn take_off(&self, node: &mut Node) -> bool {
        let is_on = node.span == SOURCE;
        if is_on {
            node.span = self.span;
        }
        is_on
    }
}

impl Copied {
    /// Whether a path leads into what it is a copy of, in an object.
    pub(super) fn holds(&self, place: usize, object: &Node, path: &[String]) -> bool {
        let Some((_, own)) = self.from.as_ref().filter(|(source, _)| *source == place) else { return false };
        let mut node = object;
        let mut follow = |(part, own): (&String, &String)| {
            let is_it = part == "*" || exact(node, std::slice::from_ref(part)).first() == Some(own);
            let next = find(node, std::slice::from_ref(own)).ok().flatten().filter(|_| is_it)?;
            node = next;
            Some(())
        };
        let is_inside = path.len() >= own.len() && path.iter().zip(own).all(|parts| follow(parts).is_some());
        is_inside && self.value.as_scalar().is_none()
    }

    pub(super) fn look_again(&mut self, place: usize, node: &Node) {
        if let Some((source, path)) = &self.from
            && *source == place
            && let Ok(Some(value)) = find(node, path)
        {
            self.value = value.clone();
        }
    }

    /// Marks the value where it stands in an object, if putting pieces into fields of that may change what is copied.
    pub(super) fn mark(&self, place: usize, object: &mut Node, options: Option<&FieldOptions>) -> Option<Marked> {
        options.filter(|options| !options.delimiter.is_empty() && self.value.as_scalar().is_some())?;
        let mut marked = None;
        self.visit(place, object, |node| marked = Some(Marked::put_on(node)));
        marked
    }

    pub(super) fn unmark(&self, place: usize, object: &mut Node, marked: &Marked) {
        self.visit(place, object, |node| {
            marked.take_off(node);
        });
    }

    fn visit(&self, place: usize, object: &mut Node, mut change: impl FnMut(&mut Node)) {
        if let Some((_, path)) = self.from.as_ref().filter(|(source, _)| *source == place) {
            // What was found there can be found again.
            let _ = visit(object, path, Make::Nothing, &mut |found| {
                change(found.node);
                Ok(())
            });
        }
    }

    /// The value that a replacement copies.
    pub(super) fn of(source: &ReplacementSource, written: &Written, pool: &mut Pool) -> Result<Self> {
        let part = |key| written.part(&[Step::Key("source"), Step::Key(key)]);
        let gvk = Gvk::new(&source.group, &source.version, &source.kind);
        let wanted = Wanted { gvk, name: &source.name, namespace: &source.namespace };
        let places = wanted.places(pool);
        let [place] = places.as_slice() else {
            let what = format!("{} {}", wanted.gvk, wanted.name);
            let message = match places.len() {
                0 => format!("the source `{}` selects no object", what.trim()),
                several => format!("the source `{}` selects {several} objects", what.trim()),
            };
            let at = written.part(&[Step::Key("source")]);
            let selector = Selector {
                group: source.group.clone(),
                version: source.version.clone(),
                kind: source.kind.clone(),
                name: source.name.clone(),
                namespace: source.namespace.clone(),
                ..Selector::default()
            };
            let pattern = Pattern::new(&selector, &at).ok().filter(|_| places.is_empty());
            let misfit = pattern.map(|pattern| pattern.misfit(pool.items())).unwrap_or_default();
            let at = misfit.field.map_or(at, part);
            let help =
                if misfit.help.is_empty() { "select one object by kind, name and namespace" } else { &misfit.help };
            return Err(refuse(message, &at).help(help).into());
        };
        let item = &pool.items()[*place];
        let path = if source.field_path.is_empty() { DEFAULT_PATH } else { &source.field_path };
        let steps = parts(path);
        let help = || near::help(&item.node, path, &steps, false);
        let at = part("fieldPath");
        let value = find(&item.node, &steps)
            .map_err(|why| refuse(format!("`{path}` of `{}`: {why}", item.id), &at).maybe_help(help()))?;
        let Some(value) = value.filter(|value| !is_empty(value)) else {
            let message = format!("the source `{}` has no value at `{path}`", item.id);
            return Err(refuse(message, &at).related(item.at.clone(), "the object").maybe_help(help()).into());
        };
        match source.options.as_ref().filter(|options| !options.delimiter.is_empty()) {
            None => Ok(Self { value: value.clone(), from: Some((*place, exact(&item.node, &steps))) }),
            Some(options) => Ok(Self { value: piece(value, options, &part("options"))?, from: None }),
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        // What has no type is no null either.
        Value::Scalar(_) => node.is_null() && node.span != BARE,
        Value::Sequence(list) => list.is_empty(),
        Value::Mapping(map) => map.is_empty(),
    }
}
