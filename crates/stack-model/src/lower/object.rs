use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use serde::Serialize;
use stack_krm::LabelValue;
use stack_krm::yaml::to_node;

use super::names::{Names, SERVICE_LABEL};
use super::{Made, Object};
use crate::CheckedStack;
use crate::plan::Plan;

/// Writes the objects of one service.
pub(super) struct Writer<'a> {
    pub(super) stack: &'a CheckedStack,
    pub(super) plan: &'a Plan,
    pub(super) names: &'a Names<'a>,
    pub(super) objects: Vec<Object>,
}

pub(super) type Labels = BTreeMap<String, String>;

impl<'a> Writer<'a> {
    pub(super) fn new(stack: &'a CheckedStack, plan: &'a Plan, names: &'a Names<'a>) -> Self {
        Self { stack, plan, names, objects: Vec::new() }
    }

    /// The service's name as a cluster gets it.
    pub(super) fn name(&self) -> String {
        self.names.name(self.plan.name.as_str())
    }

    /// The labels that Kubernetes recommends, and the one that selects.
    pub(super) fn labels(&self) -> Labels {
        let plan = self.plan;
        let mut labels = stack_labels(self.stack);
        let mut put = |key: &str, value: &str| labels.insert(key.to_owned(), value.to_owned());
        put("app.kubernetes.io/name", &plan.application);
        put("app.kubernetes.io/instance", &self.name());
        put("app.kubernetes.io/component", plan.name.as_str());
        put(SERVICE_LABEL, &self.name());
        if let Some(version) = &plan.version {
            put("app.kubernetes.io/version", LabelValue::nearest(version).as_str());
        }
        labels.extend(plan.labels.clone());
        labels
    }

    /// What selects the pods of the service.
    pub(super) fn selector(&self) -> LabelSelector {
        selector(&self.name())
    }

    /// The metadata of an object called `name`.
    pub(super) fn metadata(&self, name: &str) -> ObjectMeta {
        let mut labels = self.labels();
        labels.extend(self.names.common_labels());
        ObjectMeta {
            name: Some(self.names.name(name)),
            namespace: self.names.namespace(),
            labels: Some(labels),
            ..ObjectMeta::default()
        }
    }

    pub(super) fn push(&mut self, object: &impl Serialize) {
        self.push_made(object, Made::Written);
    }

    pub(super) fn push_made(&mut self, object: &impl Serialize, made: Made) {
        // Types of the Kubernetes API always have a form in YAML.
        if let Ok(node) = to_node(object) {
            self.objects.push(Object { service: Some(self.plan.name.clone()), node, made });
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
