use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::Serialize;
use stack_krm::LabelValue;
use stack_krm::yaml::{Entry, Node, Text, to_node};

use super::names::{Names, SERVICE_LABEL};
use super::{Made, Object};
use crate::plan::Plan;
use crate::{CheckedStack, Workload};

/// Writes the objects of one service.
pub(super) struct Writer<'a> {
    pub(super) stack: &'a CheckedStack,
    pub(super) plan: &'a Plan,
    pub(super) names: &'a Names<'a>,
    pub(super) objects: Vec<Object>,
    /// The labels of all its objects, and of its pods: written once, shared by all.
    labels: Node,
    pod_labels: Node,
}

pub(super) type Labels = BTreeMap<String, String>;

impl<'a> Writer<'a> {
    pub(super) fn new(stack: &'a CheckedStack, plan: &'a Plan, names: &'a Names<'a>) -> Self {
        let pod_labels = labels(stack, plan, names);
        let mut all = pod_labels.clone();
        all.extend(names.common_labels());
        Self { stack, plan, names, objects: Vec::new(), labels: texts(all), pod_labels: texts(pod_labels) }
    }

    /// The service's name as a cluster gets it.
    pub(super) fn name(&self) -> String {
        self.names.name(self.plan.name.as_str())
    }

    /// What selects the pods of the service.
    pub(super) fn selector(&self) -> LabelSelector {
        let mut selector = selector(&self.name());
        selector.match_labels.get_or_insert_default().extend(self.plan.selector.clone());
        selector
    }

    /// The metadata of an object called `name`; [`Writer::push`] adds the labels.
    pub(super) fn metadata(&self, name: &str) -> ObjectMeta {
        ObjectMeta { name: Some(self.names.name(name)), namespace: self.names.namespace(), ..ObjectMeta::default() }
    }

    /// Writes an object of the service: with its labels, and its pods' labels where it has a pod template.
    pub(super) fn push(&mut self, object: &impl Serialize) {
        // Types of the Kubernetes API always have a form in YAML.
        let Ok(mut node) = to_node(object) else { return };
        label(&mut node, &self.labels);
        let path: &[&str] = if self.plan.workload == Workload::CronJob {
            &["spec", "jobTemplate", "spec", "template"]
        } else {
            &["spec", "template"]
        };
        let template = path.iter().try_fold(&mut node, |node, key| node.get_mut(key));
        if let Some(template) = template {
            label(template, &self.pod_labels);
        }
        self.objects.push(Object { service: Some(self.plan.id.clone()), node, made: Made::Written });
    }

    /// The labels of all objects of the service.
    pub(super) fn labels(&self) -> &Node {
        &self.labels
    }

    /// Writes an object that a generator of the emitted tree makes; its labels are in it.
    pub(super) fn push_generated(&mut self, object: &impl Serialize, made: Made) {
        if let Ok(node) = to_node(object) {
            self.objects.push(Object { service: Some(self.plan.id.clone()), node, made });
        }
    }

    pub(super) fn service_account(&mut self) {
        let account = ServiceAccount {
            metadata: self.metadata(self.plan.name.as_str()),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        };
        self.push(&account);
    }
}

/// The labels of everything in the stack.
pub(super) fn stack_labels(stack: &CheckedStack) -> Labels {
    let mut labels = Labels::new();
    labels.insert("app.kubernetes.io/part-of".to_owned(), stack.stack().name.clone());
    labels.insert("app.kubernetes.io/managed-by".to_owned(), "kstack".to_owned());
    labels
}

/// Selects the pods of the service with this final name.
pub(super) fn selector(name: &str) -> LabelSelector {
    let label = (SERVICE_LABEL.to_owned(), name.to_owned());
    LabelSelector { match_labels: Some([label].into_iter().collect()), ..LabelSelector::default() }
}

/// The labels that Kubernetes recommends, and the one that selects.
fn labels(stack: &CheckedStack, plan: &Plan, names: &Names) -> Labels {
    let mut labels = stack_labels(stack);
    let name = names.name(plan.name.as_str());
    let mut put = |key: &str, value: &str| labels.insert(key.to_owned(), value.to_owned());
    put("app.kubernetes.io/name", &plan.application);
    put("app.kubernetes.io/instance", &name);
    put("app.kubernetes.io/component", plan.name.as_str());
    put(SERVICE_LABEL, &name);
    if let Some(version) = &plan.version {
        put("app.kubernetes.io/version", LabelValue::nearest(version).as_str());
    }
    labels.extend(plan.labels.clone());
    labels
}

fn texts(labels: Labels) -> Node {
    Node::mapping(labels.into_iter().map(|(key, value)| (key, Node::string(value))))
}

/// Puts labels into the metadata of an object or a template, between its other fields as the alphabet has it.
fn label(node: &mut Node, labels: &Node) {
    let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    let at = metadata.entries.iter().position(|entry| entry.key.as_str() > "labels").unwrap_or(metadata.len());
    metadata.entries.insert(at, Entry { key: Text::from("labels").into(), value: labels.clone() });
}
