//! The configurations of built-in plugins.

use indexmap::IndexMap;
use stack_krm::yaml::{Limits, Node, read};
use stack_source::{Diagnostic, Locus};

use crate::error::Result;
use crate::generate::{Behavior, Generated};
use crate::item::Item;
use crate::kustomization::record::record;
use crate::kustomization::{FieldSpec, Image, ReplacementEntry, Replica, Selector};
use crate::rules::INVALID_GENERATOR;

record! {
    /// Annotations and where they go.
    pub(crate) struct Annotations {
        /// The annotations.
        annotations: IndexMap<String, String> = "annotations",
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }

    /// Labels and where they go.
    pub(crate) struct Labels {
        /// The labels.
        labels: IndexMap<String, String> = "labels",
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }

    /// An image and where it stands.
    pub(crate) struct ImageTag {
        /// The image.
        image_tag: Image = "imageTag",
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }

    /// How a namespace is set.
    pub(crate) struct NamespaceArgs {
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
        /// Whether what has a namespace keeps it.
        unset_only: bool = "unsetOnly",
        /// Which subjects of role bindings get it.
        set_role_binding_subjects: String = "setRoleBindingSubjects",
    }

    /// A prefix or a suffix and where it goes.
    pub(crate) struct Affix {
        /// The prefix.
        prefix: String = "prefix",
        /// The suffix.
        suffix: String = "suffix",
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }

    /// A JSON 6902 patch.
    pub(crate) struct Operations {
        /// The file that holds it.
        path: String = "path",
        /// The patch itself.
        json_op: String = "jsonOp",
        /// The object.
        target: Option<Selector> = "target",
    }

    /// Strategic merge patches.
    pub(crate) struct Patches {
        /// Files, or patches themselves.
        paths: Vec<String> = "paths",
        /// More patches.
        patches: String = "patches",
    }

    /// Replacements.
    pub(crate) struct Replacements {
        /// The replacements.
        replacements: Vec<ReplacementEntry> = "replacements" inlined,
    }

    /// A number of pods.
    pub(crate) struct ReplicaCount {
        /// The workload and its number.
        replica: Replica = "replica",
        /// The fields.
        field_specs: Vec<FieldSpec> = "fieldSpecs",
    }

    /// A value and where it is put.
    pub(crate) struct ValueAdd {
        /// The value; empty for the name of the folder.
        value: String = "value",
        /// Where it is put.
        targets: Vec<ValueTarget> = "targets",
        /// A file with more targets.
        target_file_path: String = "targetFilePath",
    }

    /// Where a value is put.
    pub(crate) struct ValueTarget {
        /// The objects.
        selector: Option<Selector> = "selector",
        /// The field.
        field_path: String = "fieldPath",
        /// Where in a path, counted from one; zero for the whole field.
        file_path_position: i64 = "filePathPosition",
    }

    /// A service account of Google's cloud.
    pub(crate) struct Policy {
        /// `gke`.
        cloud: String = "cloud",
        /// The account in the cluster.
        kubernetes_service: Account = "kubernetesService",
        /// The account of the cloud.
        service_account: CloudAccount = "serviceAccount",
    }

    /// An account of the cloud.
    pub(crate) struct CloudAccount {
        /// Its name.
        name: String = "name",
        /// Its project.
        project_id: String = "projectId",
    }

    /// An account.
    pub(crate) struct Account {
        /// Its namespace.
        namespace: String = "namespace",
        /// Its name.
        name: String = "name",
    }
}

impl Policy {
    pub(super) fn generate(&self, at: &Locus) -> Result<Generated> {
        if self.cloud != "gke" {
            let message = format!("`{}` is no cloud that the generator knows", self.cloud);
            return Err(Diagnostic::new(&INVALID_GENERATOR, message).at(at.clone()).help("write `gke`").into());
        }
        // Kustomize sets the words into a text, and reads that: what is no plain word of YAML is something else or refused.
        let Account { namespace, name } = &self.kubernetes_service;
        let CloudAccount { name: cloud_name, project_id } = &self.service_account;
        let account = format!("{cloud_name}@{project_id}.iam.gserviceaccount.com");
        let annotations = format!("  annotations:\n    iam.gke.io/gcp-service-account: {account}\n");
        let mut text = format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n{annotations}  name: {name}\n");
        if !namespace.is_empty() {
            text.push_str(&format!("\n  namespace: {namespace}"));
        }
        let refuse = |message: String| Diagnostic::new(&INVALID_GENERATOR, message).at(at.clone());
        let read = read(&text, &Limits::default());
        let documents = read.map_err(|error| refuse(format!("the names make no YAML: {error}")))?;
        let object = documents.into_iter().next().map_or_else(Node::null, |document| document.root);
        if object.at(["metadata", "name"]).is_none_or(Node::is_null) {
            return Err(refuse("the account has no name".to_owned()).help("add `kubernetesService.name`").into());
        }
        Ok(Generated { item: Item::new(object, at.clone()), behavior: Behavior::Create, notes: Vec::new() })
    }
}
