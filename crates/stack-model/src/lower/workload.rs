use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, Deployment, DeploymentSpec, DeploymentStrategy,
    RollingUpdateDaemonSet, RollingUpdateDeployment, StatefulSet, StatefulSetSpec,
};
use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, Job, JobSpec, JobTemplateSpec};
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use stack_krm::yaml::to_node;

use super::names::{self, expandable};
use super::object::Writer;
use crate::{Share, Update, Workload};

/// Kubernetes' own bound on a rollout, in seconds; a longer start is said.
const PROGRESS_DEADLINE: u32 = 600;

impl Writer<'_> {
    pub(super) fn workload(&mut self) {
        match self.plan.workload {
            Workload::Deployment => self.deployment(),
            Workload::StatefulSet => self.stateful_set(),
            Workload::DaemonSet => self.daemon_set(),
            Workload::Job => self.job(),
            Workload::CronJob => self.cron_job(),
        }
    }

    fn deployment(&mut self) {
        let plan = self.plan;
        let recreate = DeploymentStrategy { type_: Some("Recreate".to_owned()), ..DeploymentStrategy::default() };
        let rolling = |(max_surge, max_unavailable)| DeploymentStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDeployment { max_surge, max_unavailable }),
        };
        let deadline = (plan.start_budget > PROGRESS_DEADLINE).then_some(plan.start_budget);
        let spec = DeploymentSpec {
            replicas: plan.replicas.and_then(|replicas| i32::try_from(replicas).ok()),
            selector: self.selector(),
            strategy: if plan.exclusive { Some(recreate) } else { plan.update.map(bounds).map(rolling) },
            progress_deadline_seconds: deadline.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
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
            service_name: Some(self.names.pod_domain(&plan.id)),
            // Pods that need each other to start cannot start one after the other.
            pod_management_policy: (!plan.peers.is_empty()).then(|| "Parallel".to_owned()),
            template: self.pod_template(),
            volume_claim_templates: self.claim_templates(),
            ..StatefulSetSpec::default()
        };
        let metadata = self.metadata(plan.name.as_str());
        self.push(&StatefulSet { metadata, spec: Some(spec), ..StatefulSet::default() });
    }

    fn daemon_set(&mut self) {
        let rolling = |(max_surge, max_unavailable)| DaemonSetUpdateStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDaemonSet { max_surge, max_unavailable }),
        };
        let spec = DaemonSetSpec {
            selector: self.selector(),
            update_strategy: self.plan.update.map(bounds).map(rolling),
            template: self.pod_template(),
            ..DaemonSetSpec::default()
        };
        let metadata = self.metadata(self.plan.name.as_str());
        self.push(&DaemonSet { metadata, spec: Some(spec), ..DaemonSet::default() });
    }

    /// A Job cannot change: what would change it makes another one, by the hash at the end of its name.
    fn job(&mut self) {
        let name = match self.content_hash() {
            Some(hash) => format!("{}-{hash}", self.plan.name),
            None => self.plan.name.to_string(),
        };
        let metadata = self.metadata(&name);
        let spec = self.job_spec();
        self.push(&Job { metadata, spec: Some(spec), ..Job::default() });
    }

    fn cron_job(&mut self) {
        let spec = CronJobSpec {
            schedule: self.plan.schedule.clone().unwrap_or_default(),
            // Two runs at once would meet at what they work on.
            concurrency_policy: Some("Forbid".to_owned()),
            job_template: JobTemplateSpec { metadata: None, spec: Some(self.job_spec()) },
            ..CronJobSpec::default()
        };
        let metadata = self.metadata(self.plan.name.as_str());
        self.push(&CronJob { metadata, spec: Some(spec), ..CronJob::default() });
    }

    fn job_spec(&self) -> JobSpec {
        JobSpec { template: self.pod_template(), ..JobSpec::default() }
    }

    /// What the Job runs, under no name that an environment changes.
    fn content_hash(&self) -> Option<String> {
        let plan = self.plan;
        let texts = |parts: &[crate::plan::Composed]| parts.iter().map(expandable).collect::<Vec<_>>().join("\n");
        let mut data = BTreeMap::from([
            ("image".to_owned(), plan.image.to_string()),
            ("command".to_owned(), texts(&plan.command)),
            ("args".to_owned(), texts(&plan.args)),
        ]);
        data.extend(plan.env.iter().map(|(name, value)| (format!("env.{name}"), expandable(value))));
        to_node(&ConfigMap { data: Some(data), ..ConfigMap::default() }).ok().and_then(|node| names::hash(&node))
    }
}

/// Surge and unavailable, as Kubernetes takes them.
fn bounds(update: Update) -> (Option<IntOrString>, Option<IntOrString>) {
    let share = |share: Share| match share {
        Share::Pods(pods) => IntOrString::Int(i32::try_from(pods).unwrap_or(i32::MAX)),
        Share::Percent(percent) => IntOrString::String(format!("{percent}%")),
    };
    match update {
        Update::Recreate => (None, None),
        Update::Rolling { surge, unavailable } => (surge.map(share), unavailable.map(share)),
    }
}
