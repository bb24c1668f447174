//! A build: from a folder with a kustomization to objects.

use std::sync::Arc;

use stack_krm::yaml::{Node, PrintOptions, Text, print};
use stack_krm::{Resource, ResourceSet};
use stack_source::{Diagnostic, Files, Locus, Report, Span, TreePath};

use self::accumulate::Accumulator;
use self::finish::{Completion, finish};
use crate::error::{BuildError, Result};
use crate::item::Item;
use crate::kustomization::File;
use crate::layer::Session;
use crate::load::Place;
use crate::name_references::mend;
use crate::pool::Pool;
use crate::rules::UNPRINTABLE;
use crate::shared::is_mark;
use crate::{namespaces, variables};

mod accumulate;
mod configs;
mod finish;
mod generators;
mod sorting;
mod twice;

/// How a build is done. The default is what `kustomize build` does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Whether files may lie outside the folder of the kustomization that lists them, as with
    /// `--load-restrictor LoadRestrictionsNone`.
    pub load_anywhere: bool,
    /// The order of the objects where the kustomization asks for none, as with `--reorder`; nothing for kustomize's own default.
    pub order: Option<DefaultOrder>,
    /// Whether every object gets the label `app.kubernetes.io/managed-by`, as with `--enable-managedby-label`.
    pub managed_by_label: bool,
}

/// The order of the objects where the kustomization asks for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultOrder {
    /// By kind, as `kustomize build` prints them.
    #[default]
    Legacy,
    /// As they were loaded.
    Fifo,
}

/// What a build gives.
#[derive(Clone, Debug)]
pub struct Built {
    /// The objects, in order.
    pub resources: ResourceSet,
    /// What kustomize does silently and the author should know.
    pub warnings: Report,
}

impl Built {
    /// Where the value at a path of keys was written: in the file of the object, as long as no patch or replacement has changed
    /// that; else the place of the object, as for what the build itself has set, such as a name with its prefix.
    ///
    /// ```
    /// use stack_kustomize::{BuildOptions, build};
    /// use stack_source::{FileTree, LineColumn, Locus, TreePath};
    ///
    /// let mut files = FileTree::new();
    /// let path = |text| TreePath::new(text).unwrap();
    /// files.insert(path("web/kustomization.yaml"), "namePrefix: dev-\nresources: [pod.yaml]\n");
    /// let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostname: web\n";
    /// files.insert(path("web/pod.yaml"), pod);
    /// let built = build(&files, &path("web"), &BuildOptions::default()).unwrap();
    /// let resource = built.resources.iter().next().unwrap();
    /// let Locus::File { path, span } = built.place_of(resource, &["spec", "hostname"]) else { panic!() };
    /// assert_eq!((path.as_str(), LineColumn::of(pod, span.start).line), ("web/pod.yaml", 5));
    /// ```
    pub fn place_of(&self, resource: &Resource, path: &[&str]) -> Locus {
        Self::place(resource, resource.node().at(path.iter().copied()).map(|node| node.span).unwrap_or_default())
    }

    /// The objects as `kustomize build` prints them; an error where one holds what kustomize cannot print, as an infinity, which JSON
    /// does not know.
    pub fn to_yaml(&self) -> Result<String, BuildError> {
        self.resources.to_yaml().map_err(|_| {
            let mut report = Report::default();
            let errors = self.resources.iter().filter_map(|resource| self.resource_to_yaml(resource).err());
            errors.for_each(|error| report.append(error.into_report()));
            report.into()
        })
    }

    /// One of the objects, as it stands in [`to_yaml`](Self::to_yaml).
    pub fn resource_to_yaml(&self, resource: &Resource) -> Result<String, BuildError> {
        let mut text = String::new();
        print(resource.node(), &PrintOptions::KUSTOMIZE, &mut text).map_err(|error| {
            let message = format!("`{}` cannot be printed: {error}", resource.id());
            Diagnostic::new(&UNPRINTABLE, message).at(Self::place(resource, error.span))
        })?;
        Ok(text)
    }

    fn place(resource: &Resource, span: Span) -> Locus {
        let is_as_read = resource.node().span != Span::default();
        match resource.origin() {
            Locus::File { path, .. } if is_as_read && span != Span::default() && !is_mark(span) => {
                Locus::in_file(path.clone(), span)
            }
            origin => origin.clone(),
        }
    }
}

/// Builds the kustomization in the folder `root`. Nothing but `files` is read, and of these no more than what is named.
///
/// ```
/// use stack_kustomize::{BuildOptions, build};
/// use stack_source::{FileTree, TreePath};
///
/// let mut files = FileTree::new();
/// let path = |text| TreePath::new(text).unwrap();
/// files.insert(path("web/kustomization.yaml"), "namePrefix: dev-\nresources: [service.yaml]\n");
/// files.insert(path("web/service.yaml"), "{apiVersion: v1, kind: Service, metadata: {name: web}}\n");
/// let built = build(&files, &path("web"), &BuildOptions::default()).unwrap();
/// assert_eq!(
///     built.to_yaml().unwrap(),
///     "apiVersion: v1\nkind: Service\nmetadata:\n  name: dev-web\n",
/// );
/// ```
pub fn build(files: &dyn Files, root: &TreePath, options: &BuildOptions) -> Result<Built, BuildError> {
    let mut session = Session::default();
    let place = Place::new(files, root.clone(), options.load_anywhere);
    let (path, text) = place.kustomization(&Locus::Derived)?;
    let file = Arc::new(File::read(&path, text)?);
    session.tracks = !file.kustomization.build_metadata.is_empty();
    let mut accumulator = Accumulator::default();
    let layer = accumulate::layer(place, Arc::clone(&file), Text::default(), &mut session)?;
    accumulate::run(layer, &mut accumulator, &mut session)?;
    let Accumulator { mut pool, configuration, variables } = accumulator;
    let configuration = configuration.unwrap_or_default();
    add_hashes(&mut pool);
    let mut completion = Completion::new(&file, options);
    if variables.is_empty() {
        // While an object is at hand, as much is done to it as can be.
        let then = &mut |item: &Item, node: &mut Node, session: &mut Session| completion.complete(item, node, session);
        mend(&mut pool, &configuration, &mut session, then)?;
    } else {
        mend(&mut pool, &configuration, &mut session, &mut |_, _, _| Ok(()))?;
        variables::resolve(&mut pool, &variables, &configuration.var_reference, &mut session)?;
        completion.complete_all(&mut pool, &mut session)?;
    }
    namespaces::warn(&pool, &mut session);
    // An empty list is a wish to have none, and a component acts on what others have.
    let is_meant = file.kustomization.is_component() || file.has_empty_resources();
    if pool.len() == 0 && !is_meant {
        let at = Locus::in_file(file.path.clone(), Span::default());
        session.no_effect("the build gives no object", &at, "list files with objects under `resources`");
    }
    let resources = finish(pool, &completion, &file, options)?;
    sorting::warn(&resources, &file, options, &mut session);
    Ok(Built { resources, warnings: session.warnings })
}

/// Appends to the names of generated objects what tells their contents apart.
pub(crate) fn add_hashes(pool: &mut Pool) {
    for item in pool.items_to_rename().iter_mut().filter(|item| item.wants_hash) {
        if let Some(suffix) = stack_krm::hash::suffix(&item.node) {
            item.remember();
            item.set_name(format!("{}-{suffix}", item.id.name));
            item.refresh();
        }
    }
}
