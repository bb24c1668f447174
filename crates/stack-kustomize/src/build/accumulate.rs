//! Gathering objects, kustomization by kustomization.

use std::sync::Arc;

use indexmap::map::Entry;
use stack_krm::yaml::Text;
use stack_source::{Diagnostic, Locus};

use super::configs::plugin_configs;
use super::generators;
use super::twice::with_entries;
use crate::documents::Source;
use crate::error::{BuildError, Result};
use crate::faults::Faults;
use crate::field_specs::{self, Configuration};
use crate::generate::absorb;
use crate::item::Item;
use crate::kustomization::{File, Kustomization, Step};
use crate::layer::{BuiltIn, Layer, Session, joined, note_transformation};
use crate::load::{Place, Wanted};
use crate::merge::Schema;
use crate::objects::{objects, warn_of_incomplete};
use crate::pool::Pool;
use crate::provenance::{self, Origin};
use crate::rules::{CYCLE, DEPRECATED, INVALID_KUSTOMIZATION, INVALID_YAML, UNSUPPORTED};
use crate::variables::{self, Variables};
use crate::{plugins, transform};

/// How often a build enters folders: where each lists the next twice, that doubles with every level. A tree of thousands of applications,
/// each with its base, stays far below.
const MOST_ENTERED: usize = 20_000;

/// How many bytes the kustomizations have together into which it enters: what each says is done as often as it is listed.
const MOST_BYTES: usize = 64 << 20;

/// What has been gathered so far.
#[derive(Default)]
pub(super) struct Accumulator {
    pub(super) pool: Pool,
    pub(super) configuration: Option<Arc<Configuration>>,
    pub(super) variables: Variables,
}

impl Accumulator {
    /// Takes over field specs.
    fn configure(&mut self, more: &Arc<Configuration>, at: &Locus) -> Result<()> {
        match &mut self.configuration {
            None if more.is_built_in() => self.configuration = Some(Arc::clone(more)),
            // What is built in adds nothing to itself.
            Some(known) if more.is_built_in() && known.is_built_in() => {}
            Some(known) => Arc::make_mut(known).merge(more, at)?,
            None => {
                let mut own = Configuration::default();
                own.merge(more, at)?;
                self.configuration = Some(Arc::new(own));
            }
        }
        Ok(())
    }
}

/// A kustomization that is ready to be built.
pub(super) fn layer<'a>(place: Place<'a>, file: Arc<File>, way: Text, session: &mut Session) -> Result<Layer<'a>> {
    let layer = Layer { place, file, configuration: Configuration::built_in(), way };
    choose_schema(&layer, session)?;
    warn_of_deprecated(&layer, session);
    provenance::warn_of_unknown(&layer, session);
    session.warnings.append(layer.file.ignored.clone());
    Ok(layer)
}

/// The first kustomization that names a schema chooses it, the outermost first.
fn choose_schema(layer: &Layer<'_>, session: &mut Session) -> Result<()> {
    let open_api = &layer.kustomization().openapi;
    let at = layer.file.at(&[Step::Key("openapi")]);
    let refuse = |message: String, help: &str| -> Result<()> {
        Err(Diagnostic::new(&INVALID_KUSTOMIZATION, message).at(at.clone()).help(help).into())
    };
    let text = match open_api.get("path") {
        Some(path) => Some(layer.place.text(path, &at)?),
        None => None,
    };
    if session.schema_is_set {
        return Ok(());
    }
    match (text, open_api.get("version")) {
        (Some(_), Some(_)) => refuse("a schema has a `path` or a `version`".to_owned(), "keep one of them"),
        (Some((path, text)), None) => {
            let schema = match session.built_in {
                BuiltIn::Untouched => Schema::read(text),
                BuiltIn::Asked => Schema::read_before_kubernetes(text),
                BuiltIn::Read => Schema::read_after_kubernetes(text),
            };
            let schema = schema.map_err(|error| {
                Diagnostic::new(&INVALID_YAML, error.message)
                    .at(Locus::in_file(path.clone(), error.span))
                    .maybe_help(error.help)
            })?;
            session.schema = Some(Arc::new(schema));
            session.schema_is_set = true;
            Ok(())
        }
        (None, Some(version)) if version == "v1.21.2" || version == "v1212" => {
            session.schema_is_set = true;
            Ok(())
        }
        (None, Some(version)) if !version.is_empty() => {
            refuse(format!("the schema `{version}` is not built in"), "write `v1.21.2`, or give a `path`")
        }
        _ => Ok(()),
    }
}

type IsUsed = fn(&Kustomization) -> bool;

/// Fields that kustomize is about to forget, and the edit by which another takes their place.
static DEPRECATED_FIELDS: &[(&str, &str, IsUsed)] = &[
    ("bases", "use `resources`", |kustomization| !kustomization.bases.is_empty()),
    ("commonLabels", "use `labels: [{pairs: …, includeSelectors: true}]`", |kustomization| {
        !kustomization.common_labels.is_empty()
    }),
    ("imageTags", "use `images`", |kustomization| !kustomization.image_tags.is_empty()),
    ("patchesJson6902", "use `patches`", |kustomization| !kustomization.patches_json6902.is_empty()),
    ("patchesStrategicMerge", "use `patches`", |kustomization| !kustomization.patches_strategic_merge.is_empty()),
    ("vars", "use `replacements`", |kustomization| !kustomization.vars.is_empty()),
];

fn warn_of_deprecated(layer: &Layer<'_>, session: &mut Session) {
    for (field, help, is_used) in DEPRECATED_FIELDS {
        if is_used(layer.kustomization()) {
            let at = layer.file.at(&[Step::Key(field)]);
            session.warn(&DEPRECATED, format!("`{field}` is deprecated"), &at, help);
        }
    }
}

/// Builds a kustomization into an accumulator: a fresh one, or for a component the one of its parent.
pub(super) fn run(mut layer: Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    refuse_helm(&layer)?;
    gather(&layer, to, session)?;
    include_components(&layer, to, session)?;
    layer.configuration = to.configuration.clone().unwrap_or_default();
    transform::apply(&layer, &mut to.pool, session)?;
    run_plugins(&layer, to, session)?;
    session.ask_types(to.pool.items());
    let variables = layer.kustomization().vars.iter().cloned().enumerate();
    let variables = variables.map(|(index, variable)| (variable, layer.file.entry("vars", index)));
    variables::declare(&mut to.pool, &mut to.variables, variables)
}

/// Takes in resources and what is generated.
fn gather(layer: &Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    let kustomization = layer.kustomization();
    let mut faults = Faults::default();
    for (field, paths) in [("resources", &kustomization.resources), ("bases", &kustomization.bases)] {
        for (index, path) in paths.iter().enumerate() {
            faults.note(resource(layer, path, &layer.file.entry(field, index), to, session))?;
        }
    }
    let generated = generators::generate(layer, &mut faults, session)?;
    faults.finish()?;
    configure(layer, to, session)?;
    for generated in generated {
        absorb(&mut to.pool, generated, session)?;
    }
    for generated in generators::by_plugins(layer, session)? {
        absorb(&mut to.pool, generated, session)?;
    }
    Ok(())
}

fn include_components(layer: &Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    for (index, path) in layer.kustomization().components.iter().enumerate() {
        let at = layer.file.entry("components", index);
        let place = layer.place.folder(path, Wanted::Folder, &at)?;
        folder(layer, place, path, &at, true, to, session)?;
    }
    Ok(())
}

/// Runs what stands under `transformers` and `validators`.
fn run_plugins(layer: &Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    let kustomization = layer.kustomization();
    for config in plugin_configs(layer, "transformers", &kustomization.transformers, session)? {
        plugins::transform(&config, &layer.place, &mut to.pool, session)?;
        if let Some(origin) = plugins::origin(&config).filter(|_| session.tracks) {
            let origin = Arc::new(origin);
            to.pool.items_mut().iter_mut().for_each(|item| note_transformation(item, &origin));
        }
        to.pool.drop_gone();
    }
    for config in plugin_configs(layer, "validators", &kustomization.validators, session)? {
        validate(&config, layer, to, session)?;
    }
    Ok(())
}

fn refuse_helm(layer: &Layer<'_>) -> Result<()> {
    let kustomization = layer.kustomization();
    let fields = [
        ("helmCharts", kustomization.helm_charts.len()),
        ("helmChartInflationGenerator", kustomization.helm_chart_inflation_generator.len()),
    ];
    match fields.iter().find(|(_, count)| *count > 0) {
        None => Ok(()),
        Some((field, _)) => Err(Diagnostic::new(&UNSUPPORTED, "a build runs no programs, and Helm is one")
            .at(layer.file.at(&[Step::Key(field)]))
            .help("run `helm template` once, keep what it prints in the tree, and list that under `resources`")
            .into()),
    }
}

/// Takes in what a path names: a file first, then a folder.
pub(super) fn resource(
    layer: &Layer<'_>,
    path: &str,
    at: &Locus,
    to: &mut Accumulator,
    session: &mut Session,
) -> Result<()> {
    if layer.place.is_file(path) {
        let items = file(layer, path, at, session)?;
        session.ask_types(&items);
        return to.pool.extend(items).map_err(|error| with_entries(error, layer, path, at));
    }
    let place = layer.place.folder(path, Wanted::Either, at)?;
    folder(layer, place, path, at, false, to, session)
}

fn file(layer: &Layer<'_>, path: &str, at: &Locus, session: &mut Session) -> Result<Vec<Item>> {
    let (file, text) = layer.place.wanted_text(Wanted::Either, path, at)?;
    let source = Source::File(&file);
    session.budget.allow_for(text);
    let mut items = objects(text, &source, session)?;
    warn_of_incomplete(&items, session);
    for item in &mut items {
        session.scope(item);
    }
    if session.tracks {
        let origin = Arc::new(Origin::File { path: joined(&layer.way, path).into() });
        for item in &mut items {
            provenance::check_annotations(item)?;
            item.provenance.origin = Some(Arc::clone(&origin));
        }
    }
    Ok(items)
}

fn folder<'a>(
    parent: &Layer<'a>,
    place: Place<'a>,
    path: &str,
    at: &Locus,
    is_component: bool,
    to: &mut Accumulator,
    session: &mut Session,
) -> Result<()> {
    let layer = enter(parent, place, path, at, is_component, session)?;
    if is_component {
        run(layer, to, session)?;
        // What has been gathered is put together anew, specs of fields among it, in which new contradictions may show.
        if let Some(configuration) = to.configuration.take() {
            to.configure(&configuration, at)?;
        }
        return to.pool.check_repeats();
    }
    let mut inner = Accumulator::default();
    run(layer, &mut inner, session)?;
    to.pool.append_all(inner.pool).map_err(|error| with_entries(error, parent, path, at))?;
    if let Some(configuration) = inner.configuration {
        to.configure(&configuration, at)?;
    }
    variables::inherit(&mut to.variables, inner.variables)
}

/// The kustomization of a folder that another one lists.
fn enter<'a>(
    parent: &Layer<'a>,
    place: Place<'a>,
    path: &str,
    at: &Locus,
    is_component: bool,
    session: &mut Session,
) -> Result<Layer<'a>> {
    session.entered += 1;
    if session.entered > MOST_ENTERED {
        let message = format!("folders are built more than {MOST_ENTERED} times, each as often as it is listed");
        return Err(Diagnostic::new(&CYCLE, message).at(at.clone()).help("list each of them once").into());
    }
    let (file_path, text) = place.kustomization(at)?;
    session.entered_bytes += text.len();
    if session.entered_bytes > MOST_BYTES {
        let message = format!(
            "the kustomizations of the folders that are built have more than {} MiB, each as often as it is listed",
            MOST_BYTES >> 20
        );
        return Err(Diagnostic::new(&CYCLE, message).at(at.clone()).help("list each of them once").into());
    }
    let file = match session.kustomizations.entry(file_path) {
        Entry::Occupied(known) => Arc::clone(known.get()),
        Entry::Vacant(new) => {
            let file = Arc::new(File::read(new.key(), text)?);
            Arc::clone(new.insert(file))
        }
    };
    if file.kustomization.is_component() != is_component {
        let (message, help) = if is_component {
            ("this is no component", "list it under `resources`, or write `kind: Component` in its kustomization")
        } else {
            ("this is a component", "list it under `components`")
        };
        return Err(Diagnostic::new(&INVALID_KUSTOMIZATION, message).at(at.clone()).help(help).into());
    }
    layer(place, file, Text::from(joined(&parent.way, path)), session)
}

/// Takes over field specs: the built-in ones, then those of files.
fn configure(layer: &Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    let kustomization = layer.kustomization();
    let built_in = Configuration::built_in();
    if kustomization.configurations.is_empty() {
        to.configure(&built_in, &Locus::Derived)?;
    } else {
        let mut own = Configuration::default();
        for (index, path) in kustomization.configurations.iter().enumerate() {
            let at = layer.file.entry("configurations", index);
            let (path, text) = layer.place.text(path, &at)?;
            own.merge(&field_specs::read(&path, text, &mut session.warnings)?, &at)?;
        }
        let at = layer.file.entry("configurations", 0);
        let mut all = (*built_in).clone();
        all.merge(&own, &at)?;
        to.configure(&Arc::new(all), &at)?;
    }
    for (index, path) in kustomization.crds.iter().enumerate() {
        let at = layer.file.entry("crds", index);
        let (path, text) = layer.place.text(path, &at)?;
        let definitions = field_specs::read_definitions(&path, text, &mut session.warnings)?;
        to.configure(&Arc::new(definitions), &at)?;
    }
    Ok(())
}

/// Runs a validator, which may look and may not change.
fn validate(config: &Item, layer: &Layer<'_>, to: &mut Accumulator, session: &mut Session) -> Result<()> {
    to.pool.check_repeats()?;
    // A name that was remembered is a change too: kustomize keeps it in the object.
    let state = |item: &Item| (item.node.clone(), item.former.len());
    let before: Vec<_> = to.pool.items().iter().map(state).collect();
    plugins::transform(config, &layer.place, &mut to.pool, session)?;
    if to.pool.items().iter().map(state).eq(before) {
        return Ok(());
    }
    let message = format!("the validator `{}` changes objects", config.id);
    Err(BuildError::from(
        Diagnostic::new(&INVALID_KUSTOMIZATION, message).at(config.at.clone()).help("list it under `transformers`"),
    ))
}
