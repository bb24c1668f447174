//! Which objects a patch or replacement means.

use regex::Regex;
use stack_krm::yaml::{Node, Text};
use stack_source::{Diagnostic, Locus, nearest};

use crate::error::Result;
use crate::expression::expression;
use crate::item::Item;
use crate::kustomization::Selector;
use crate::kyaml::text_of;
use crate::label_selector::LabelSelector;
use crate::layer::Session;
use crate::near_object::near_name;
use crate::pool::Pool;
use crate::rules::INVALID_SELECTOR;

/// How many objects are looked at for one that is meant.
const MOST: usize = 256;

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
    written: Selector,
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
            let glob = pattern.starts_with('*').then(|| format!("write `{field}: .{pattern}`"));
            Diagnostic::new(&INVALID_SELECTOR, message).at(at.clone()).maybe_help(glob).into()
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
            written: selector.clone(),
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

    /// The objects that the target of a patch selects; where it selects none, it is said, with what it may mean.
    pub(crate) fn targets(&self, at: &Locus, pool: &mut Pool, session: &mut Session) -> Result<Vec<usize>> {
        let selected = self.select(pool)?;
        if selected.is_empty() {
            let help = self.help(pool.items()).unwrap_or_default();
            session.no_effect("the target of the patch selects no object", at, &help);
        }
        Ok(selected)
    }

    /// The edit by which it selects an object: that of the one part without which there is one.
    pub(crate) fn help(&self, items: &[Item]) -> Option<String> {
        if items.iter().any(|item| self.fits(item)) {
            return self.labels_help(items);
        }
        let Selector { group, version, kind, name, namespace, .. } = &self.written;
        if let Some((group, version)) = version.split_once('/') {
            return Some(format!("write `group: {group}` and `version: {version}`"));
        }
        let without = |part: fn(&Self) -> &Part| {
            let is_left_out = move |other: &Part| std::ptr::eq(other, part(self));
            items.iter().filter(move |item| self.fits_but(item, is_left_out)).take(MOST)
        };
        let near = |field: &str, wanted: &str, found: Vec<&str>| {
            let near = if wanted.is_empty() { None } else { nearest(wanted, found) }?;
            Some(format!("did you mean `{field}: {near}`?"))
        };
        let kinds = || near("kind", kind, without(|this| &this.kind).map(|item| item.id.gvk.kind.as_str()).collect());
        let names = || {
            let names = without(|this| &this.name).map(|item| item.original().name.as_str());
            near_name(name, names).map(|near| near.help()).filter(|_| self.names_one())
        };
        let groups = || {
            let item = without(|this| &this.group).next().filter(|_| !group.is_empty())?;
            let is = item.id.gvk.group.as_str();
            Some(if is.is_empty() { "leave `group` out".to_owned() } else { format!("write `group: {is}`") })
        };
        let versions = || {
            let item = without(|this| &this.version).next().filter(|_| !version.is_empty())?;
            Some(format!("write `version: {}`", item.id.gvk.version))
        };
        let namespaces = || {
            let item = without(|this| &this.namespace).next().filter(|_| !namespace.is_empty())?;
            Some(match item.id.namespace.as_str() {
                "" => "leave `namespace` out: here the object has none yet".to_owned(),
                is => format!("write `namespace: {is}`"),
            })
        };
        kinds().or_else(names).or_else(groups).or_else(versions).or_else(namespaces)
    }

    /// Whether the labels alone keep it from an object, as those that only pods get.
    fn labels_help(&self, items: &[Item]) -> Option<String> {
        let labels = self.labels.as_ref().ok().filter(|_| !self.written.label_selector.is_empty())?;
        let of_pods = |item: &Item| {
            let pods = item.node.at(["spec", "template", "metadata", "labels"]).and_then(Node::as_mapping);
            pods.is_some_and(|pods| labels.holds(|key| pods.get(key).map(|value| text_of(value).as_str())))
        };
        let help = if items.iter().filter(|item| self.fits(item)).take(MOST).any(of_pods) {
            "its pods have these labels and the object itself has not: select it by kind and name, or give it the labels"
        } else {
            "objects fit the rest, and none has these labels: mend `labelSelector`, or leave it out"
        };
        Some(help.to_owned())
    }

    /// Name and namespace may be the first or the present ones, the type is the present one.
    fn fits(&self, item: &Item) -> bool {
        self.fits_but(item, |_| false)
    }

    /// Whether it fits but for one part.
    fn fits_but(&self, item: &Item, is_left_out: impl Fn(&Part) -> bool) -> bool {
        let (is, was) = (&item.id, item.original());
        let either = |part: &Part, was: &str, is: &str| part.matches(was) || part.matches(is) || is_left_out(part);
        let type_part = |part: &Part, text: &Text| part.matches(text) || is_left_out(part);
        !item.is_gone
            && either(&self.namespace, was.effective_namespace(), is.effective_namespace())
            && either(&self.name, &was.name, &is.name)
            && type_part(&self.group, &is.gvk.group)
            && type_part(&self.version, &is.gvk.version)
            && type_part(&self.kind, &is.gvk.kind)
    }
}
