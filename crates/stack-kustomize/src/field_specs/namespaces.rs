//! Where the namespace goes, `metadata.namespace` aside.

use super::{CREATE, FIND, Row};

/// Fields that name a namespace outside `metadata`.
pub(super) static NAMESPACE: &[Row] = &[
    ("", "", "Namespace", "metadata/name", CREATE),
    ("apiregistration.k8s.io", "", "APIService", "spec/service/namespace", CREATE),
    (
        "apiextensions.k8s.io",
        "",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service/namespace",
        FIND,
    ),
];
