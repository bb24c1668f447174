//! What a change is about, so that each patch says one thing.

/// In the order in which the patches of an overlay stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Concern {
    PullPolicy,
    Storage,
    Resources,
    Scaling,
    Security,
    Probes,
    Env,
    Command,
    Exposure,
    Network,
    Labels,
    Rest,
}

/// Keys of a path, and what a change below them is about. The last key of the path that is here counts.
const BY_KEY: [(&str, Concern); 28] = [
    ("imagePullPolicy", Concern::PullPolicy),
    ("volumes", Concern::Storage),
    ("volumeMounts", Concern::Storage),
    ("volumeClaimTemplates", Concern::Storage),
    ("storageClassName", Concern::Storage),
    ("accessModes", Concern::Storage),
    ("resources", Concern::Resources),
    ("replicas", Concern::Scaling),
    ("strategy", Concern::Scaling),
    ("topologySpreadConstraints", Concern::Scaling),
    ("lifecycle", Concern::Scaling),
    ("minReplicas", Concern::Scaling),
    ("maxReplicas", Concern::Scaling),
    ("metrics", Concern::Scaling),
    ("securityContext", Concern::Security),
    ("startupProbe", Concern::Probes),
    ("readinessProbe", Concern::Probes),
    ("livenessProbe", Concern::Probes),
    ("progressDeadlineSeconds", Concern::Probes),
    ("initContainers", Concern::Probes),
    ("env", Concern::Env),
    ("envFrom", Concern::Env),
    ("data", Concern::Env),
    ("command", Concern::Command),
    ("args", Concern::Command),
    ("ports", Concern::Exposure),
    ("type", Concern::Exposure),
    ("clusterIP", Concern::Exposure),
];

/// Kinds whose every change is about one thing.
const BY_KIND: [(&str, Concern); 6] = [
    ("NetworkPolicy", Concern::Network),
    ("PersistentVolumeClaim", Concern::Storage),
    ("HorizontalPodAutoscaler", Concern::Scaling),
    ("PodDisruptionBudget", Concern::Scaling),
    ("Ingress", Concern::Exposure),
    ("ConfigMap", Concern::Env),
];

pub(super) const ALL: [Concern; 12] = [
    Concern::PullPolicy,
    Concern::Storage,
    Concern::Resources,
    Concern::Scaling,
    Concern::Security,
    Concern::Probes,
    Concern::Env,
    Concern::Command,
    Concern::Exposure,
    Concern::Network,
    Concern::Labels,
    Concern::Rest,
];

impl Concern {
    pub(super) fn of(kind: &str, path: &[String]) -> Self {
        if path.iter().any(|part| part == "labels") {
            return Self::Labels;
        }
        Self::of_kind(kind).unwrap_or_else(|| {
            let known = |part: &String| BY_KEY.iter().find(|(key, _)| key == part).map(|(_, concern)| *concern);
            path.iter().rev().find_map(known).unwrap_or(Self::Rest)
        })
    }

    /// What the object as a whole is about.
    pub(super) fn of_kind(kind: &str) -> Option<Self> {
        BY_KIND.iter().find(|(known, _)| *known == kind).map(|(_, concern)| *concern)
    }

    /// Its name in a file name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PullPolicy => "pull-policy",
            Self::Storage => "storage",
            Self::Resources => "resources",
            Self::Scaling => "scaling",
            Self::Security => "security",
            Self::Probes => "probes",
            Self::Env => "env",
            Self::Command => "command",
            Self::Exposure => "exposure",
            Self::Network => "network",
            Self::Labels => "labels",
            Self::Rest => "rest",
        }
    }
}
