use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, StatefulSet, StatefulSetSpec};

use super::object::Writer;
use crate::Workload;

/// Kubernetes' own bound on a rollout, in seconds; a longer start is said.
const PROGRESS_DEADLINE: u32 = 600;

impl Writer<'_> {
    pub(super) fn workload(&mut self) {
        match self.plan.workload {
            Workload::Deployment => self.deployment(),
            Workload::StatefulSet => self.stateful_set(),
        }
    }

    fn deployment(&mut self) {
        let plan = self.plan;
        let recreate = DeploymentStrategy { type_: Some("Recreate".to_owned()), ..DeploymentStrategy::default() };
        let deadline = (plan.start_budget > PROGRESS_DEADLINE).then_some(plan.start_budget);
        let spec = DeploymentSpec {
            replicas: plan.replicas.and_then(|replicas| i32::try_from(replicas).ok()),
            selector: self.selector(),
            strategy: plan.exclusive.then_some(recreate),
            progress_deadline_seconds: deadline.and_then(|seconds| i32::try_from(seconds).ok()),
            template: self.pod_template(),
            ..DeploymentSpec::default()
        };
        let metadata = self.metadata(plan.name.as_str());
        self.push(&Deployment { metadata, spec: Some(spec), ..Deployment::default() });
    }

    fn stateful_set(&mut self) {
        let plan = self.plan;
        let spec = StatefulSetSpec {
            replicas: plan.replicas.and_then(|replicas| i32::try_from(replicas).ok()),
            selector: self.selector(),
            service_name: Some(self.name()),
            template: self.pod_template(),
            volume_claim_templates: self.claim_templates(),
            ..StatefulSetSpec::default()
        };
        let metadata = self.metadata(plan.name.as_str());
        self.push(&StatefulSet { metadata, spec: Some(spec), ..StatefulSet::default() });
    }
}
