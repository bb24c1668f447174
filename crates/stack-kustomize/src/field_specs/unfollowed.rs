//! Fields that name another object and that kustomize does not know, or knows by a wrong group.

use stack_krm::Gvk;
use stack_krm::yaml::Text;

use super::{Configuration, Spec, Specs};

/// Kinds with a pod in them, and the way to it.
const PODS: [(&str, &str); 9] = [
    ("CronJob", "spec/jobTemplate/spec/template/spec/"),
    ("DaemonSet", "spec/template/spec/"),
    ("Deployment", "spec/template/spec/"),
    ("Job", "spec/template/spec/"),
    ("Pod", "spec/"),
    ("PodTemplate", "template/spec/"),
    ("ReplicaSet", "spec/template/spec/"),
    ("ReplicationController", "spec/template/spec/"),
    ("StatefulSet", "spec/template/spec/"),
];

/// The kind that is named, and the field of a pod.
const IN_PODS: [(&str, &str); 5] = [
    ("ConfigMap", "ephemeralContainers/env/valueFrom/configMapKeyRef/name"),
    ("ConfigMap", "ephemeralContainers/envFrom/configMapRef/name"),
    ("Secret", "ephemeralContainers/env/valueFrom/secretKeyRef/name"),
    ("Secret", "ephemeralContainers/envFrom/secretRef/name"),
    ("Secret", "volumes/csi/nodePublishSecretRef/name"),
];

/// The kind that is named, and the kind and field that name it.
const OTHERS: [(&str, &str, &str); 2] =
    [("IngressClass", "Ingress", "spec/ingressClassName"), ("Secret", "ServiceAccount", "secrets/name")];

/// All of them, as if they were known.
pub(super) fn unfollowed() -> Configuration {
    let in_pods = IN_PODS.iter().flat_map(|(kind, field)| {
        PODS.iter().map(move |(referrer, way)| (*kind, *referrer, Text::from(format!("{way}{field}"))))
    });
    let others = OTHERS.iter().map(|(kind, referrer, field)| (*kind, *referrer, Text::from(*field)));
    let mut configuration = Configuration::default();
    for (kind, referrer, path) in in_pods.chain(others) {
        let specs: Specs = vec![Spec::new(Gvk::of_kind(Text::from(referrer)), path, false)];
        configuration.name_reference.push((Gvk::of_kind(Text::from(kind)), specs));
    }
    configuration
}
