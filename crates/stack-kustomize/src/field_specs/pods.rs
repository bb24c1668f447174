//! Images and replicas.

use super::{CREATE, Row};

/// Fields that hold an image.
pub(super) static IMAGES: &[Row] = &[
    ("", "", "", "spec/containers[]/image", CREATE),
    ("", "", "", "spec/initContainers[]/image", CREATE),
    ("", "", "", "spec/template/spec/containers[]/image", CREATE),
    ("", "", "", "spec/template/spec/initContainers[]/image", CREATE),
];

/// Fields that hold a number of pods.
pub(super) static REPLICAS: &[Row] = &[
    ("", "", "Deployment", "spec/replicas", CREATE),
    ("", "", "ReplicationController", "spec/replicas", CREATE),
    ("", "", "ReplicaSet", "spec/replicas", CREATE),
    ("", "", "StatefulSet", "spec/replicas", CREATE),
];
