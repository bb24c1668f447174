use stack_krm::{DnsSubdomain, ServiceName};

/// The kind of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Workload {
    /// Pods that are all the same.
    Deployment,
    /// Pods with names and claims of their own.
    StatefulSet,
    /// A pod on every node.
    DaemonSet,
    /// A pod that runs to its end.
    Job,
    /// A Job for every time of a schedule.
    CronJob,
}

const WORKLOADS: [Workload; 5] =
    [Workload::Deployment, Workload::StatefulSet, Workload::DaemonSet, Workload::Job, Workload::CronJob];

impl Workload {
    /// All kinds, each with its word in YAML.
    pub(crate) fn words() -> [(&'static str, Self); 5] {
        WORKLOADS.map(|workload| (workload.kind(), workload))
    }

    /// The kind in the Kubernetes API.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
        }
    }

    /// Whether its pods run to their end.
    pub fn ends(self) -> bool {
        matches!(self, Self::Job | Self::CronJob)
    }

    /// Whether it says how many pods there are.
    pub fn has_replicas(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet)
    }
}

/// How a Deployment or DaemonSet changes its pods for new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Old pods are gone before new ones come.
    Recreate,
    /// A few at a time.
    Rolling {
        /// How many pods there may be more than wanted; Kubernetes' quarter where it is not said.
        surge: Option<Share>,
        /// How many pods may be missing; Kubernetes' quarter where it is not said.
        unavailable: Option<Share>,
    },
}

/// So many pods, or so many percent of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Pods.
    Pods(u32),
    /// Percent of the wanted pods.
    Percent(u32),
}

impl Update {
    /// A few at a time: so many more than wanted, so many missing.
    pub fn rolling(surge: u32, unavailable: u32) -> Self {
        Self::Rolling { surge: Some(Share::Pods(surge)), unavailable: Some(Share::Pods(unavailable)) }
    }
}

/// Whether pods of a service stand on different nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Where nodes are left; a pod starts all the same where none is.
    Preferred,
    /// Always; a pod waits for a node that has none of them.
    Required,
}

/// What keeps a client with one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// A cookie that the ingress sets.
    Cookie,
}

/// Names that differ from the service's own, because somebody knows its objects by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The Kubernetes Service, and so the host.
    pub service: Option<ServiceName>,
    /// The container.
    pub container: Option<ServiceName>,
    /// The autoscaler.
    pub autoscaler: Option<DnsSubdomain>,
}

impl Names {
    /// Lays what `over` says on top of this.
    pub(crate) fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.service, over.service.as_ref());
        super::merge::replace(&mut self.container, over.container.as_ref());
        super::merge::replace(&mut self.autoscaler, over.autoscaler.as_ref());
    }
}
