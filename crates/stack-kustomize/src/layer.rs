//! One kustomization while it is being built.

use std::sync::Arc;

use stack_krm::Gvk;
use stack_krm::yaml::Text;
use stack_source::{Diagnostic, Locus, Report, Rule, TreePath};

use crate::budget::Budget;
use crate::field_path::{DeadEnd, Why};
use crate::field_specs::Configuration;
use crate::id_map::{IdMap, IdSet};
use crate::item::Item;
use crate::kustomization::{File, Kustomization};
use crate::load::Place;
use crate::merge::Schema;
use crate::namespaces::Namespaces;
use crate::pool::Pool;
use crate::provenance::Origin;
use crate::rules::{AMBIGUOUS_REFERENCE, FIELD_PATH, NO_EFFECT};

/// What a whole build shares.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) warnings: Report,
    /// The schema that `openapi` names; the first one counts.
    pub(crate) schema: Option<Arc<Schema>>,
    /// Whether a schema was chosen, by path or by version.
    pub(crate) schema_is_set: bool,
    pub(crate) built_in: BuiltIn,
    pub(crate) namespaces: Namespaces,
    /// How many folders were entered, one that is listed twice two times.
    pub(crate) entered: usize,
    /// The length of their kustomizations.
    pub(crate) entered_bytes: usize,
    /// The kustomizations of the folders that were entered, each read once.
    pub(crate) kustomizations: IdMap<TreePath, Arc<File>>,
    /// What values may still be copied.
    pub(crate) budget: Budget,
    /// Whether origins and transformations are written down.
    pub(crate) tracks: bool,
}

/// What kustomize has done with its built-in schema so far. A schema of one's own that comes later is read beside it then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BuiltIn {
    /// Nothing: a schema of one's own takes its place.
    #[default]
    Untouched,
    /// It has asked whether a type that it does not know is cluster-scoped, and put off reading: the built-in schema is read behind
    /// the other one and wins.
    Asked,
    /// It has read it, to merge a patch: the other one is read behind it and wins.
    Read,
}

impl Session {
    /// Tells an object what a schema of one's own says about its kind.
    pub(crate) fn scope(&self, item: &mut Item) {
        if self.schema.as_ref().is_some_and(|schema| schema.is_outside(&item.id.gvk)) {
            item.is_outside = true;
            item.id = item.id.clone().outside_namespaces();
        }
    }

    /// Notes that kustomize looks at the types of these objects.
    pub(crate) fn ask_types(&mut self, items: &[Item]) {
        if self.built_in != BuiltIn::Untouched {
            return;
        }
        let types: IdSet<&Gvk> = items.iter().map(|item| &item.id.gvk).collect();
        if types.into_iter().any(|gvk| !Schema::is_built_in(gvk)) {
            self.built_in = BuiltIn::Asked;
        }
    }

    pub(crate) fn schema(&self) -> Arc<Schema> {
        self.schema.clone().unwrap_or_else(Schema::kubernetes_shared)
    }

    pub(crate) fn warn(&mut self, rule: &'static Rule, message: impl Into<String>, at: &Locus, help: &str) {
        let warning = Diagnostic::new(rule, message).at(at.clone());
        self.warnings.add(if help.is_empty() { warning } else { warning.help(help) });
    }

    pub(crate) fn no_effect(&mut self, message: impl Into<String>, at: &Locus, help: &str) {
        self.warn(&NO_EFFECT, message, at, help);
    }
}

/// A kustomization, where it lies, and what it changes.
pub(crate) struct Layer<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) file: Arc<File>,
    pub(crate) configuration: Arc<Configuration>,
    /// The way from the folder that is built to this one, as `buildMetadata` prints it.
    pub(crate) way: Text,
}

impl Layer<'_> {
    pub(crate) fn kustomization(&self) -> &Kustomization {
        &self.file.kustomization
    }

    /// The origin of what a field of this kustomization makes or changes.
    pub(crate) fn builtin(&self, plugin: &'static str) -> Origin {
        let name = self.file.path.name().unwrap_or_default();
        Origin::builtin(joined(&self.way, name).into(), plugin)
    }

    /// What follows every transformer that has seen all objects: it is written down, and objects that it deleted are dropped.
    pub(crate) fn done(&self, plugin: &'static str, pool: &mut Pool, session: &Session) {
        if session.tracks {
            let origin = Arc::new(self.builtin(plugin));
            pool.items_mut().iter_mut().for_each(|item| note_transformation(item, &origin));
        }
        pool.drop_gone();
    }
}

/// Writes down that a transformer has run. What has no origin is taken to have been made by it.
pub(crate) fn note_transformation(item: &mut Item, origin: &Arc<Origin>) {
    item.annotations_to_texts();
    match &item.provenance.origin {
        None => item.provenance.origin = Some(Arc::clone(origin)),
        Some(_) => item.provenance.transformations.push(Arc::clone(origin)),
    }
}

/// Two paths joined, `.` and `..` resolved as far as they go; absolute where the second is and the first is empty, as Go joins them.
pub(crate) fn joined(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if base.is_empty() && path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// A field of an object that a transformer could not change.
pub(crate) fn dead_end(error: &DeadEnd, path: &str, item: &Item) -> crate::BuildError {
    let message = |why: &str| format!("`{path}` of `{}`: {why}", item.id);
    let refuse = |why: &str| Diagnostic::new(&FIELD_PATH, message(why)).at(item.place_of(error.span));
    let diagnostic = match &error.why {
        Why::Blocked(found) => refuse(&format!("expected a list or a map on the way, found {found}")),
        Why::Nameless => refuse("a part of the path has no name")
            .help("put one `/` between names in that `path`, and none at the end"),
        Why::NoList => refuse("a part of the path means an element of a list, and this is a map")
            .help("leave that part out: a path leads into all elements of a list"),
        Why::Refused(why) => refuse(why),
        Why::Ambiguous(why) => Diagnostic::new(&AMBIGUOUS_REFERENCE, message(why))
            .at(item.at.clone())
            .help("give the objects names that differ"),
    };
    diagnostic.into()
}
