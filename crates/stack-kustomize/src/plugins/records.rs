//! The configurations of built-in plugins.

use indexmap::IndexMap;
use stack_krm::yaml::{Mapping, Node, Value};
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
        cloud: String = "cloud" inlined,
        /// The account in the cluster.
        kubernetes_service: Account = "kubernetesService" inlined,
        /// The account of the cloud.
        service_account: CloudAccount = "serviceAccount" inlined,
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
        let account =
            format!("{}@{}.iam.gserviceaccount.com", self.service_account.name, self.service_account.project_id);
        let annotations = Node::mapping([("iam.gke.io/gcp-service-account", Node::string(account))]);
        let mut metadata = Mapping::new();
        metadata.insert("annotations", annotations);
        metadata.insert("name", Node::string(&self.kubernetes_service.name));
        if !self.kubernetes_service.namespace.is_empty() {
            metadata.insert("namespace", Node::string(&self.kubernetes_service.namespace));
        }
        let object = Node::mapping([
            ("apiVersion", Node::string("v1")),
            ("kind", Node::string("ServiceAccount")),
            ("metadata", Value::Mapping(metadata).into()),
        ]);
        Ok(Generated { item: Item::new(object, at.clone()), behavior: Behavior::Create, notes: Vec::new() })
    }
}
