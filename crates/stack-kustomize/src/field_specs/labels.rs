//! Where labels go.

use super::{CREATE, FIND, Row};

/// Selectors that pick pods by label, and the label maps of the objects themselves. `create` is false where a selector that
/// nobody wrote would pick what nobody meant.
pub(super) static SELECTORS: &[Row] = &[
    ("", "v1", "Service", "spec/selector", CREATE),
    ("", "v1", "ReplicationController", "spec/selector", CREATE),
    ("", "", "Deployment", "spec/selector/matchLabels", CREATE),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        FIND,
    ),
    ("apps", "", "Deployment", "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", FIND),
    ("", "", "ReplicaSet", "spec/selector/matchLabels", CREATE),
    ("", "", "DaemonSet", "spec/selector/matchLabels", CREATE),
    ("apps", "", "StatefulSet", "spec/selector/matchLabels", CREATE),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        FIND,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        FIND,
    ),
    ("apps", "", "StatefulSet", "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", FIND),
    ("batch", "", "Job", "spec/selector/matchLabels", FIND),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", FIND),
    ("policy", "", "PodDisruptionBudget", "spec/selector/matchLabels", FIND),
    ("networking.k8s.io", "", "NetworkPolicy", "spec/podSelector/matchLabels", FIND),
    ("networking.k8s.io", "", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", FIND),
    ("networking.k8s.io", "", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels", FIND),
];

/// The label maps of objects and of the pods and claims that they make.
pub(super) static TEMPLATES: &[Row] = &[
    ("", "", "", "metadata/labels", CREATE),
    ("", "v1", "ReplicationController", "spec/template/metadata/labels", CREATE),
    ("", "", "Deployment", "spec/template/metadata/labels", CREATE),
    ("", "", "ReplicaSet", "spec/template/metadata/labels", CREATE),
    ("", "", "DaemonSet", "spec/template/metadata/labels", CREATE),
    ("apps", "", "StatefulSet", "spec/template/metadata/labels", CREATE),
    ("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", CREATE),
    ("batch", "", "Job", "spec/template/metadata/labels", CREATE),
    ("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", CREATE),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", CREATE),
];
