//! Which objects a patch or replacement means.

use regex::Regex;
use stack_krm::yaml::{Node, Text};
use stack_source::{Diagnostic, Locus, nearest, proposal};

use crate::error::Result;
use crate::expression::expression;
use crate::id_map::IdSet;
use crate::item::Item;
use crate::kustomization::Selector;
use crate::kyaml::text_of;
use crate::label_selector::LabelSelector;
use crate::layer::Session;
use crate::near_object::near_name;
use crate::pool::Pool;
use crate::rules::INVALID_SELECTOR;
use crate::transform::patches::Places;

/// How many objects are looked at for one that is meant.
const MOST: usize = 256;

const OF_PODS: &str =
    "its pods have these labels and the object itself has not: select it by kind and name, or give it the labels";
const OTHER_LABELS: &str = "objects fit the rest, and none has these labels: mend `labelSelector`, or leave it out";
const OTHER_ANNOTATIONS: &str =
    "objects fit the rest, and none has these annotations: mend `annotationSelector`, or leave it out";

/// The edit for a field, of the objects that are selected without it.
type Edit<'e> = &'e dyn Fn(&[&Item]) -> Option<String>;
/// A field, what it says, and the edit.
type Field<'e> = (&'static str, &'e str, fn(&Pattern) -> &Part, Edit<'e>);

/// The field of a selector by which it selects nothing, where it is one, and the edit.
#[derive(Default)]
pub(crate) struct Misfit {
    pub(crate) field: Option<&'static str>,
    pub(crate) help: String,
}

impl Misfit {
    fn of(field: &'static str, help: String) -> Self {
        Self { field: Some(field), help }
    }
}

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
    pub(crate) fn targets(&self, places: &Places<'_>, pool: &mut Pool, session: &mut Session) -> Result<Vec<usize>> {
        let selected = self.select(pool)?;
        if selected.is_empty() {
            let misfit = self.misfit(pool.items());
            let at = misfit.field.map_or_else(|| places.target.clone(), |field| (places.of_target)(field));
            session.no_effect("the target of the patch selects no object", &at, &misfit.help);
        }
        Ok(selected)
    }

    /// The one field without which it selects an object, and the edit.
    pub(crate) fn misfit(&self, items: &[Item]) -> Misfit {
        if items.iter().any(|item| self.fits(item)) {
            return self.misfit_of_labels(items);
        }
        let Selector { group, version, kind, name, namespace, .. } = &self.written;
        if let Some((group, version)) = version.split_once('/') {
            return Misfit::of("version", format!("write `group: {group}` and `version: {version}`"));
        }
        let without = |part: fn(&Self) -> &Part| {
            let is_left_out = |other: &Part| std::ptr::eq(other, part(self));
            items.iter().filter(|item| self.fits_but(item, is_left_out)).take(MOST).collect::<Vec<_>>()
        };
        let kinds = |found: &[&Item]| {
            let near = nearest(kind, found.iter().map(|item| item.id.gvk.kind.as_str()))?;
            Some(format!("did you mean `kind: {near}`?"))
        };
        let names = |found: &[&Item]| {
            let names: IdSet<&str> = found.iter().map(|item| item.original().name.as_str()).collect();
            let near = near_name(name, names.iter().copied()).map(|near| near.help());
            let others = || if kind.is_empty() { None } else { proposal(name, names.iter().copied()) };
            near.or_else(others).filter(|_| self.names_one())
        };
        let groups = |found: &[&Item]| {
            let is = found.first()?.id.gvk.group.as_str();
            Some(if is.is_empty() { "leave `group` out".to_owned() } else { format!("write `group: {is}`") })
        };
        let versions = |found: &[&Item]| Some(format!("write `version: {}`", found.first()?.id.gvk.version));
        let namespaces = |found: &[&Item]| {
            Some(match found.first()?.id.namespace.as_str() {
                "" => "leave `namespace` out: here the object has none yet".to_owned(),
                is => format!("write `namespace: {is}`"),
            })
        };
        let fields: [Field<'_>; 5] = [
            ("kind", kind, |this| &this.kind, &kinds),
            ("name", name, |this| &this.name, &names),
            ("group", group, |this| &this.group, &groups),
            ("version", version, |this| &this.version, &versions),
            ("namespace", namespace, |this| &this.namespace, &namespaces),
        ];
        let mut without_edit = Vec::new();
        for (field, _, part, edit) in fields.into_iter().filter(|(_, text, ..)| !text.is_empty()) {
            let found = without(part);
            match edit(&found) {
                Some(help) => return Misfit::of(field, help),
                None if found.is_empty() => {}
                None => without_edit.push(field),
            }
        }
        match without_edit.as_slice() {
            [field] => Misfit::of(field, String::new()),
            _ => Misfit::default(),
        }
    }

    /// Objects fit the rest: the labels keep it from them, as those that only pods get, or the annotations do.
    fn misfit_of_labels(&self, items: &[Item]) -> Misfit {
        let fitting = || items.iter().filter(|item| self.fits(item)).take(MOST);
        let Ok(labels) = &self.labels else { return Misfit::default() };
        if fitting().any(|item| labels.matches(item, "labels")) {
            // A replacement has names that are no patterns.
            return match self.written.annotation_selector.as_str() {
                "" => Misfit::default(),
                _ => Misfit::of("annotationSelector", OTHER_ANNOTATIONS.to_owned()),
            };
        }
        let of_pods = |item: &Item| {
            let pods = item.node.at(["spec", "template", "metadata", "labels"]).and_then(Node::as_mapping);
            pods.is_some_and(|pods| labels.holds(|key| pods.get(key).map(|value| text_of(value).as_str())))
        };
        let help = if fitting().any(of_pods) { OF_PODS } else { OTHER_LABELS };
        Misfit::of("labelSelector", help.to_owned())
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
