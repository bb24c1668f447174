//! Which kinds live outside namespaces.

use crate::Gvk;

/// The kinds that Kubernetes 1.21.2 keeps outside namespaces, by `apiVersion`, sorted: what kustomize knows, and no more.
///
/// Whatever is not listed counts as namespaced, custom resources among them.
static CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    ("admissionregistration.k8s.io/v1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("admissionregistration.k8s.io/v1beta1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiextensions.k8s.io/v1", &["CustomResourceDefinition"]),
    ("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io/v1", &["APIService"]),
    ("apiregistration.k8s.io/v1beta1", &["APIService"]),
    ("certificates.k8s.io/v1", &["CertificateSigningRequest"]),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io/v1", &["IngressClass"]),
    ("networking.k8s.io/v1beta1", &["IngressClass"]),
    ("node.k8s.io/v1", &["RuntimeClass"]),
    ("node.k8s.io/v1beta1", &["RuntimeClass"]),
    ("policy/v1beta1", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io/v1", &["ClusterRole", "ClusterRoleBinding"]),
    ("rbac.authorization.k8s.io/v1beta1", &["ClusterRole", "ClusterRoleBinding"]),
    ("scheduling.k8s.io/v1", &["PriorityClass"]),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"]),
    ("storage.k8s.io/v1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("storage.k8s.io/v1beta1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("v1", &["ComponentStatus", "Namespace", "Node", "NodeProxyOptions", "PersistentVolume"]),
];

impl Gvk {
    /// Whether objects of this type certainly live outside namespaces.
    ///
    /// ```
    /// use stack_krm::Gvk;
    ///
    /// assert!(Gvk::from_api_version("storage.k8s.io/v1", "StorageClass").is_cluster_scoped());
    /// assert!(!Gvk::from_api_version("apps/v1", "Deployment").is_cluster_scoped());
    /// ```
    pub fn is_cluster_scoped(&self) -> bool {
        let row = |(api_version, kinds): &(&str, &[&str])| {
            kinds.contains(&self.kind.as_str()) && self.is_of_api_version(api_version)
        };
        CLUSTER_SCOPED.iter().any(row)
    }
}
