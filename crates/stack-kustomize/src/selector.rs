//! Which objects a patch or replacement means.

use regex::Regex;
use stack_krm::yaml::Text;
use stack_source::{Diagnostic, Locus};

use crate::error::Result;
use crate::expression::expression;
use crate::item::Item;
use crate::kustomization::Selector;
use crate::label_selector::LabelSelector;
use crate::pool::Pool;
use crate::rules::INVALID_SELECTOR;

/// A selector whose fields are regular expressions, each for the whole text.
#[derive(Debug)]
pub(crate) struct Pattern {
    group: Part,
    version: Part,
    kind: Part,
    name: Part,
    namespace: Part,
    /// Kustomize reads these only where an object fits the rest: a wrong one that nothing comes to is none.
    labels: Result<LabelSelector>,
    annotations: Result<LabelSelector>,
}

#[derive(Debug)]
enum Part {
    Any,
    /// Most selectors are plain names, which need no expression and can be looked up.
    Text(String),
    Regex(Regex),
}

impl Part {
    fn new(field: &str, pattern: &str, at: &Locus) -> Result<Self> {
        if pattern.is_empty() {
            return Ok(Self::Any);
        }
        if pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Ok(Self::Text(pattern.to_owned()));
        }
        let regex = expression(&format!("^(?:{pattern})$"));
        regex.map(Self::Regex).map_err(|_| {
            let message = format!("`{pattern}` in `{field}` is no regular expression");
            Diagnostic::new(&INVALID_SELECTOR, message).at(at.clone()).into()
        })
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Text(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Reads a label selector.
pub(crate) fn labels(field: &str, text: &str, at: &Locus) -> Result<LabelSelector> {
    LabelSelector::new(text).map_err(|why| {
        let message = format!("`{text}` in `{field}` is no selector: {why}");
        Diagnostic::new(&INVALID_SELECTOR, message).at(at.clone()).into()
    })
}

impl Pattern {
    /// Whether it gives a name, and not a pattern of names.
    pub(crate) fn names_one(&self) -> bool {
        matches!(self.name, Part::Text(_))
    }

    pub(crate) fn new(selector: &Selector, at: &Locus) -> Result<Self> {
        Ok(Self {
            group: Part::new("group", &selector.group, at)?,
            version: Part::new("version", &selector.version, at)?,
            kind: Part::new("kind", &selector.kind, at)?,
            name: Part::new("name", &selector.name, at)?,
            namespace: Part::new("namespace", &selector.namespace, at)?,
            labels: labels("labelSelector", &selector.label_selector, at),
            annotations: labels("annotationSelector", &selector.annotation_selector, at),
        })
    }

    /// The objects that it selects, by place.
    pub(crate) fn select(&self, pool: &mut Pool) -> Result<Vec<usize>> {
        let places: Vec<usize> = match &self.name {
            Part::Text(name) => pool.named(name),
            Part::Any | Part::Regex(_) => (0..pool.len()).collect(),
        };
        let items = pool.items();
        let mut selected = Vec::new();
        for place in places {
            if let Some(item) = items.get(place).filter(|item| self.fits(item))
                && self.labels.as_ref().map_err(Clone::clone)?.matches(item, "labels")
                && self.annotations.as_ref().map_err(Clone::clone)?.matches(item, "annotations")
            {
                selected.push(place);
            }
        }
        Ok(selected)
    }

    /// Name and namespace may be the first or the present ones, the type is the present one.
    fn fits(&self, item: &Item) -> bool {
        let (is, was) = (&item.id, item.original());
        let either = |part: &Part, was: &str, is: &str| part.matches(was) || part.matches(is);
        let type_part = |part: &Part, text: &Text| part.matches(text);
        !item.is_gone
            && either(&self.namespace, was.effective_namespace(), is.effective_namespace())
            && either(&self.name, &was.name, &is.name)
            && type_part(&self.group, &is.gvk.group)
            && type_part(&self.version, &is.gvk.version)
            && type_part(&self.kind, &is.gvk.kind)
    }
}
