//! The kustomization file as a type: read as kustomize reads it, written as people read it.

use indexmap::IndexMap;
use stack_krm::yaml::Node;
use stack_source::{Locus, Report, Span, TreePath};

use self::record::{Field as _, Manner, Reading, record};
use crate::BuildError;
use crate::documents::{Source, ignored_key, only_document};
use crate::rules::INVALID_KUSTOMIZATION;

mod generator;
mod helm;
mod patch;
pub(crate) mod record;
mod replacement;

pub use generator::{ConfigMapArgs, GeneratorOptions, SecretArgs};
pub use helm::{HelmChart, HelmGlobals};
pub use patch::{Patch, Selector};
pub use replacement::{
    FieldOptions, FieldSelector, ReplacementEntry, ReplacementSource, ReplacementTarget, Target, Variable,
};

/// The names that a kustomization file may have, of which a folder may hold one.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The `apiVersion` of a kustomization.
pub const API_VERSION: &str = "kustomize.config.k8s.io/v1beta1";

/// The `apiVersion` of a component.
pub const COMPONENT_API_VERSION: &str = "kustomize.config.k8s.io/v1alpha1";

record! {
    /// A kustomization: which files to take, what to make, and how to change it.
    ///
    /// The order of the fields is the order in which they are written; it has no meaning for a build.
    ///
    /// ```
    /// use stack_kustomize::Kustomization;
    /// use stack_source::TreePath;
    ///
    /// let kustomization = Kustomization {
    ///     name_prefix: "dev-".to_owned(),
    ///     resources: vec!["../../base".to_owned()],
    ///     ..Kustomization::new()
    /// };
    /// let path = TreePath::new("kustomization.yaml").unwrap();
    /// let text = "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nnamePrefix: dev-\nresources: [../../base]\n";
    /// assert_eq!(Kustomization::read(&path, text).unwrap(), kustomization);
    /// ```
    pub struct Kustomization {
        /// [`API_VERSION`] or [`COMPONENT_API_VERSION`]; empty for the one that belongs to the kind.
        api_version: String = "apiVersion",
        /// `Kustomization` or `Component`; empty for the former.
        kind: String = "kind",
        /// Names the file; without effect.
        metadata: Option<Metadata> = "metadata",
        /// The namespace of every object.
        namespace: String = "namespace",
        /// What every name begins with.
        name_prefix: String = "namePrefix",
        /// What every name ends in.
        name_suffix: String = "nameSuffix",
        /// Files and folders whose objects are taken.
        resources: Vec<String> = "resources",
        /// The old name of `resources`.
        bases: Vec<String> = "bases",
        /// Folders with components, which act on what has been taken so far.
        components: Vec<String> = "components",
        /// Files with definitions of custom resources, from which references are learned.
        crds: Vec<String> = "crds",
        /// Files with more field specs.
        configurations: Vec<String> = "configurations",
        /// The schema by which lists are merged.
        openapi: IndexMap<String, String> = "openapi",
        /// What all generators share.
        generator_options: Option<GeneratorOptions> = "generatorOptions",
        /// `ConfigMap`s to make.
        config_map_generator: Vec<ConfigMapArgs> = "configMapGenerator",
        /// `Secret`s to make.
        secret_generator: Vec<SecretArgs> = "secretGenerator",
        /// Generators in files of their own.
        generators: Vec<String> = "generators",
        /// Where Helm charts lie.
        helm_globals: Option<HelmGlobals> = "helmGlobals",
        /// Helm charts to render; this engine refuses them.
        helm_charts: Vec<HelmChart> = "helmCharts",
        /// The old form of `helmCharts`.
        helm_chart_inflation_generator: Vec<HelmChart> = "helmChartInflationGenerator",
        /// Labels for every object, and for what they make where asked for.
        labels: Vec<Label> = "labels",
        /// Labels for every object and selector.
        common_labels: IndexMap<String, String> = "commonLabels",
        /// Annotations for every object and pod template.
        common_annotations: IndexMap<String, String> = "commonAnnotations",
        /// Changes, strategic merge or JSON 6902.
        patches: Vec<Patch> = "patches",
        /// The old form of strategic merge patches: paths or texts.
        patches_strategic_merge: Vec<String> = "patchesStrategicMerge",
        /// The old form of JSON 6902 patches.
        patches_json6902: Vec<Patch> = "patchesJson6902",
        /// How many pods workloads have.
        replicas: Vec<Replica> = "replicas",
        /// New names and tags of images.
        images: Vec<Image> = "images",
        /// The old name of `images`.
        image_tags: Vec<Image> = "imageTags",
        /// Values that are copied from one field to others.
        replacements: Vec<ReplacementEntry> = "replacements",
        /// Values that are put in place of `$(NAME)`.
        vars: Vec<Variable> = "vars",
        /// Transformers in files of their own.
        transformers: Vec<String> = "transformers",
        /// Validators in files of their own.
        validators: Vec<String> = "validators",
        /// The order of the documents.
        sort_options: Option<SortOptions> = "sortOptions",
        /// Annotations that tell how an object came to be.
        build_metadata: Vec<String> = "buildMetadata",
    }

    /// The metadata of a kustomization file or of a plugin's configuration.
    pub struct Metadata {
        /// The name.
        name: String = "name",
        /// The namespace.
        namespace: String = "namespace",
        /// The labels.
        labels: IndexMap<String, String> = "labels",
        /// The annotations.
        annotations: IndexMap<String, String> = "annotations",
    }

    /// Labels and where they go.
    pub struct Label {
        /// The labels.
        pairs: IndexMap<String, String> = "pairs",
        /// Whether selectors and templates get them too.
        include_selectors: bool = "includeSelectors",
        /// Whether templates get them too.
        include_templates: bool = "includeTemplates",
        /// More fields that get them.
        fields: Vec<FieldSpec> = "fields",
    }

    /// A field of objects of some type. An empty part of the type stands for any.
    pub struct FieldSpec {
        /// The API group of the objects.
        group: String = "group" inlined,
        /// The version of the objects.
        version: String = "version" inlined,
        /// The kind of the objects.
        kind: String = "kind" inlined,
        /// The path of the field, parts divided by `/`.
        path: String = "path",
        /// Whether the field is made where it is missing.
        create: bool = "create",
    }

    /// A new name, tag or digest for an image.
    pub struct Image {
        /// The image, without its tag.
        name: String = "name",
        /// Its new name.
        new_name: String = "newName",
        /// What is appended to its tag.
        tag_suffix: String = "tagSuffix",
        /// Its new tag.
        new_tag: String = "newTag",
        /// Its new digest.
        digest: String = "digest",
    }

    /// How many pods the workload of a name has.
    pub struct Replica {
        /// The workload.
        name: String = "name",
        /// The number.
        count: Option<i64> = "count",
    }

    /// The order of the documents of an output.
    pub struct SortOptions {
        /// `legacy` or `fifo`.
        order: String = "order",
        /// Which kinds come first and last, where the order is `legacy`.
        legacy_sort_options: Option<LegacySortOptions> = "legacySortOptions",
    }

    /// Which kinds come first and last.
    pub struct LegacySortOptions {
        /// Kinds that come first, in this order.
        order_first: Vec<String> = "orderFirst",
        /// Kinds that come last, in this order.
        order_last: Vec<String> = "orderLast",
    }
}

impl Kustomization {
    /// A kustomization without content.
    pub fn new() -> Self {
        Self { api_version: API_VERSION.to_owned(), kind: "Kustomization".to_owned(), ..Self::default() }
    }

    /// A component without content.
    pub fn component() -> Self {
        Self { api_version: COMPONENT_API_VERSION.to_owned(), kind: "Component".to_owned(), ..Self::default() }
    }

    /// Reads a kustomization file; `path` is where it lies, for messages.
    pub fn read(path: &TreePath, text: &str) -> Result<Self, BuildError> {
        File::read(path, text).map(|file| file.kustomization)
    }

    /// The kustomization as YAML, without what is at its default.
    pub fn to_node(&self) -> Node {
        self.write_out()
    }

    /// Whether it is a component.
    pub fn is_component(&self) -> bool {
        self.kind == "Component"
    }
}

/// A kustomization and the places of its fields.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: TreePath,
    pub(crate) kustomization: Kustomization,
    /// What kustomize does not read of it.
    pub(crate) ignored: Report,
    root: Node,
}

/// One step to a place in a file: into a map or into a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl File {
    /// The value of a field, where it is there.
    pub(crate) fn node(&self, steps: &[Step<'_>]) -> Option<&Node> {
        steps.iter().try_fold(&self.root, |node, step| match *step {
            Step::Key(key) => {
                let entries = node.as_mapping()?.entries.iter().rev();
                entries.into_iter().find(|entry| entry.key.as_str().eq_ignore_ascii_case(key)).map(|entry| &entry.value)
            }
            Step::Index(index) => node.as_sequence()?.get(index),
        })
    }

    pub(crate) fn read(path: &TreePath, text: &str) -> Result<Self, BuildError> {
        let mut ignored = Report::default();
        let document = only_document(path, text, &mut ignored)?;
        for key in document.iter().flat_map(|document| &document.duplicate_keys) {
            ignored.add(ignored_key(key, &Source::File(path)));
        }
        let root = document.map_or_else(Node::null, |document| document.root);
        let mut reading = Reading::new(Source::File(path), Manner::Kustomization);
        let kustomization = <Kustomization as record::Field>::read(&root, &mut reading);
        let file = Self { path: path.clone(), kustomization: kustomization.unwrap_or_default(), ignored, root };
        file.check(&mut reading);
        if reading.faults.has_errors() { Err(reading.faults.into()) } else { Ok(file) }
    }

    fn check(&self, reading: &mut Reading<'_>) {
        let Kustomization { api_version, kind, .. } = &self.kustomization;
        // What is refused is not there.
        let is_whole = !reading.faults.has_errors();
        let type_only =
            Kustomization { api_version: api_version.clone(), kind: kind.clone(), ..Kustomization::default() };
        let mut refuse = |field: &str, message: String, help: String| {
            let span = self.root.get(field).map_or(self.root.span, |node| node.span);
            reading.fault(&INVALID_KUSTOMIZATION, message, span, Some(help));
        };
        let wanted = if kind == "Component" { COMPONENT_API_VERSION } else { API_VERSION };
        if !matches!(kind.as_str(), "" | "Kustomization" | "Component") {
            refuse(
                "kind",
                format!("`{kind}` is no kind of kustomization"),
                "write `Kustomization` or `Component`".to_owned(),
            );
        } else if !api_version.is_empty() && api_version != wanted {
            refuse(
                "apiVersion",
                format!("`{api_version}` is no version of a kustomization"),
                format!("write `{wanted}`"),
            );
        } else if is_whole && self.kustomization == type_only && !self.has_empty_collections() {
            refuse("", "the kustomization is empty".to_owned(), "list the files to take under `resources`".to_owned());
        }
    }

    /// An empty list is a wish to have none; kustomize tells it from nothing.
    fn has_empty_collections(&self) -> bool {
        let entries = self.root.as_mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default();
        entries.iter().any(|entry| entry.value.as_scalar().is_none() && entry.key.as_str() != "bases")
    }

    /// Whether it says that it takes nothing.
    pub(crate) fn has_empty_resources(&self) -> bool {
        self.node(&[Step::Key("resources")]).and_then(Node::as_sequence).is_some_and(<[Node]>::is_empty)
    }

    /// The place of a field, or of the nearest thing around it that is there.
    pub(crate) fn at(&self, steps: &[Step<'_>]) -> Locus {
        let mut node = &self.root;
        let mut span = Span::default();
        for step in steps {
            let next = match *step {
                Step::Key(key) => node.as_mapping().and_then(|mapping| {
                    mapping
                        .entries
                        .iter()
                        .rev()
                        .find(|entry| entry.key.as_str().eq_ignore_ascii_case(key))
                        .map(|entry| (entry.key.span, &entry.value))
                }),
                Step::Index(index) => {
                    node.as_sequence().and_then(|nodes| nodes.get(index)).map(|node| (node.span, node))
                }
            };
            let Some((place, value)) = next else { break };
            node = value;
            span = if value.as_scalar().is_some() { value.span } else { place };
        }
        Locus::in_file(self.path.clone(), span)
    }

    /// The place of a field of an entry, or of an element of that.
    pub(crate) fn part(&self, field: &str, index: usize, key: &str, element: Option<usize>) -> Locus {
        let steps = [Step::Key(field), Step::Index(index), Step::Key(key), Step::Index(element.unwrap_or_default())];
        self.at(if element.is_some() { &steps } else { &steps[..3] })
    }

    /// The place of an entry of a list.
    pub(crate) fn entry(&self, field: &str, index: usize) -> Locus {
        self.at(&[Step::Key(field), Step::Index(index)])
    }
}
