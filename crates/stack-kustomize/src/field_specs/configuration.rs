//! Files that `configurations` lists.

use stack_krm::Gvk;
use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus, Report, TreePath};

use super::{Configuration, Spec, Specs};
use crate::documents::{Source, only_document};
use crate::error::Result;
use crate::kustomization::FieldSpec;
use crate::kustomization::record::{Field, Manner, Reading, record};
use crate::rules::INVALID_YAML;

record! {
    /// The fields that each transformer changes, as a file lists them.
    pub(crate) struct ConfigurationFile {
        /// Fields that get a prefix.
        name_prefix: Vec<FieldSpec> = "namePrefix",
        /// Fields that get a suffix.
        name_suffix: Vec<FieldSpec> = "nameSuffix",
        /// Fields that name the namespace.
        namespace: Vec<FieldSpec> = "namespace",
        /// Label maps and selectors.
        common_labels: Vec<FieldSpec> = "commonLabels",
        /// Label maps that `labels` changes always.
        labels: Vec<FieldSpec> = "labels",
        /// Label maps of templates.
        template_labels: Vec<FieldSpec> = "templateLabels",
        /// Annotation maps.
        common_annotations: Vec<FieldSpec> = "commonAnnotations",
        /// Fields that name other objects.
        name_reference: Vec<NameReference> = "nameReference",
        /// Fields in which variables may stand.
        var_reference: Vec<FieldSpec> = "varReference",
        /// Fields that hold an image.
        images: Vec<FieldSpec> = "images",
        /// Fields that hold a number of pods.
        replicas: Vec<FieldSpec> = "replicas",
    }

    /// The fields that name objects of a type.
    pub(crate) struct NameReference {
        /// The API group.
        group: String = "group" inlined,
        /// The version.
        version: String = "version" inlined,
        /// The kind.
        kind: String = "kind" inlined,
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }
}

/// Reads a file of field specs; what kustomize leaves out of it goes to the warnings.
pub(crate) fn read(path: &TreePath, text: &str, warnings: &mut Report) -> Result<Configuration> {
    let document = only_document(path, text, warnings)?;
    if let Some(twice) = document.as_ref().and_then(|document| document.duplicate_keys.first()) {
        return Err(Diagnostic::new(&INVALID_YAML, format!("the key `{}` stands twice", twice.key))
            .at(Locus::in_file(path.clone(), twice.second))
            .related(Locus::in_file(path.clone(), twice.first), "it is here already")
            .help("keep one of them")
            .into());
    }
    let root = document.map_or_else(Node::null, |document| document.root);
    let mut reading = Reading::new(Source::File(path), Manner::Configuration);
    let file = ConfigurationFile::read(&root, &mut reading).unwrap_or_default();
    if reading.faults.has_errors() {
        return Err(reading.faults.into());
    }
    let specs = |list: &[FieldSpec]| list.iter().map(Spec::from).collect::<Specs>();
    let mut configuration = Configuration {
        name_prefix: specs(&file.name_prefix),
        name_suffix: specs(&file.name_suffix),
        namespace: specs(&file.namespace),
        common_labels: specs(&file.common_labels),
        labels: specs(&file.labels),
        template_labels: specs(&file.template_labels),
        common_annotations: specs(&file.common_annotations),
        name_reference: file
            .name_reference
            .iter()
            .map(|reference| {
                (Gvk::new(&reference.group, &reference.version, &reference.kind), specs(&reference.field_specs))
            })
            .collect(),
        var_reference: specs(&file.var_reference),
        images: specs(&file.images),
        replicas: specs(&file.replicas),
    };
    configuration.sort();
    Ok(configuration)
}
