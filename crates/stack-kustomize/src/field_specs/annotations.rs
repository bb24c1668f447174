//! Where annotations go.

use super::{CREATE, Row};

/// The annotation maps of objects and of the pods that they make.
pub(super) static ANNOTATIONS: &[Row] = &[
    ("", "", "", "metadata/annotations", CREATE),
    ("", "v1", "ReplicationController", "spec/template/metadata/annotations", CREATE),
    ("", "", "Deployment", "spec/template/metadata/annotations", CREATE),
    ("", "", "ReplicaSet", "spec/template/metadata/annotations", CREATE),
    ("", "", "DaemonSet", "spec/template/metadata/annotations", CREATE),
    ("", "", "StatefulSet", "spec/template/metadata/annotations", CREATE),
    ("batch", "", "Job", "spec/template/metadata/annotations", CREATE),
    ("batch", "", "CronJob", "spec/jobTemplate/metadata/annotations", CREATE),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", CREATE),
];
