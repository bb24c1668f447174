//! The order of keys that a person expects: what it is, what it is called, what it runs, then the rest.

use stack_krm::yaml::{Entry, Mapping, Node, Value};

/// Keys in the order in which they are read; one that is not here keeps its place behind these.
const ORDER: [&str; 61] = [
    "apiVersion",
    "kind",
    "metadata",
    "op",
    "name",
    "namespace",
    "$patch",
    "path",
    "labels",
    "annotations",
    "type",
    "clusterIP",
    "replicas",
    "strategy",
    "serviceName",
    "image",
    "imagePullPolicy",
    "command",
    "args",
    "from",
    "to",
    "ports",
    "containerPort",
    "port",
    "targetPort",
    "envFrom",
    "env",
    "key",
    "value",
    "valueFrom",
    "scaleTargetRef",
    "minReplicas",
    "maxReplicas",
    "podSelector",
    "namespaceSelector",
    "policyTypes",
    "selector",
    "httpGet",
    "tcpSocket",
    "exec",
    "mountPath",
    "readOnly",
    "resources",
    "requests",
    "limits",
    "startupProbe",
    "readinessProbe",
    "livenessProbe",
    "lifecycle",
    "volumeMounts",
    "serviceAccountName",
    "automountServiceAccountToken",
    "enableServiceLinks",
    "terminationGracePeriodSeconds",
    "initContainers",
    "containers",
    "securityContext",
    "volumes",
    "spec",
    "template",
    "volumeClaimTemplates",
];

/// Puts the keys of all maps below `node` into that order. Data, labels and annotations keep theirs.
pub(super) fn arrange(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(nodes) => nodes.iter_mut().for_each(arrange),
        Value::Mapping(mapping) => {
            mapping.entries.sort_by_key(|entry| rank(entry.key.as_str()));
            let structural =
                |entry: &&mut Entry| !matches!(entry.key.as_str(), "data" | "labels" | "annotations" | "matchLabels");
            mapping.entries.iter_mut().filter(structural).for_each(|entry| arrange(&mut entry.value));
        }
    }
}

fn rank(key: &str) -> usize {
    ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len())
}

/// A map of texts.
pub(super) fn texts<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Node {
    let rows = rows.into_iter().map(|(key, value)| (key.to_owned(), Node::string(value)));
    Value::Mapping(rows.collect::<Mapping>()).into()
}
