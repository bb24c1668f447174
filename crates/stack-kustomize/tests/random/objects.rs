//! Random Kubernetes objects, with names from a small pool, so that they refer to each other.

use super::Dice;
use super::scalars::{odd, text};
use super::yaml::{Value, map};

pub(crate) const NAMES: [&str; 8] = ["app", "db", "web", "cm", "sec", "sa", "app-2", "a.b"];
pub(crate) const NAMESPACES: [&str; 4] = ["default", "n1", "n2", "kube-system"];
pub(crate) const IMAGES: [&str; 9] = [
    "nginx",
    "nginx:1.2",
    "reg.io:5000/app/web:1",
    "busybox:latest",
    "redis:6",
    "app@sha256:abc",
    "nginx:1@sha256:def",
    "reg.io/nginx",
    "$(FOO):1",
];

/// What is known of an object, for those that mean it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) value: Value,
    /// Whether a generator made it.
    pub(crate) is_generated: bool,
}

impl Known {
    pub(crate) fn new(value: Value) -> Self {
        Self { value, is_generated: false }
    }

    pub(crate) fn kind(&self) -> &str {
        self.value.get("kind").map_or("", Value::text)
    }

    pub(crate) fn api_version(&self) -> &str {
        self.value.get("apiVersion").map_or("", Value::text)
    }

    pub(crate) fn group_and_version(&self) -> (&str, &str) {
        self.api_version().split_once('/').unwrap_or(("", self.api_version()))
    }

    pub(crate) fn name(&self) -> &str {
        self.metadata("name")
    }

    pub(crate) fn namespace(&self) -> &str {
        self.metadata("namespace")
    }

    fn metadata(&self, field: &str) -> &str {
        self.value.get("metadata").and_then(|metadata| metadata.get(field)).map_or("", Value::text)
    }
}

type Make = fn(&mut Dice) -> Value;

/// Kinds of objects, the frequent ones several times.
const KINDS: [(&str, &str, Make); 35] = [
    ("apps/v1", "Deployment", workload),
    ("apps/v1", "Deployment", workload),
    ("apps/v1", "Deployment", workload),
    ("apps/v1", "StatefulSet", stateful_set),
    ("apps/v1", "DaemonSet", workload),
    ("apps/v1", "ReplicaSet", workload),
    ("v1", "ReplicationController", controller),
    ("v1", "Pod", |dice| map! {"spec": pod(dice)}),
    ("v1", "PodTemplate", |dice| map! {"template": template(dice)}),
    ("batch/v1", "Job", |dice| map! {"spec": map! {"template": template(dice)}}),
    ("batch/v1", "CronJob", cron_job),
    ("batch/v1beta1", "CronJob", cron_job),
    ("v1", "Service", service),
    ("v1", "Service", service),
    ("v1", "ConfigMap", config_map),
    ("v1", "ConfigMap", config_map),
    ("v1", "Secret", secret),
    ("v1", "ServiceAccount", account),
    ("rbac.authorization.k8s.io/v1", "Role", role),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", binding),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", role),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", binding),
    ("v1", "Namespace", |_| map! {}),
    ("networking.k8s.io/v1", "Ingress", ingress),
    ("networking.k8s.io/v1beta1", "Ingress", ingress),
    ("networking.k8s.io/v1", "NetworkPolicy", network_policy),
    ("autoscaling/v2", "HorizontalPodAutoscaler", autoscaler),
    ("policy/v1", "PodDisruptionBudget", |dice| map! {"spec": map! {"minAvailable": 1, "selector": selector(dice)}}),
    ("v1", "PersistentVolumeClaim", claim),
    (
        "v1",
        "PersistentVolume",
        |dice| map! {"spec": map! {"storageClassName": dice.pick(&NAMES), "azureFile": map! {"secretName": dice.pick(&NAMES)}}},
    ),
    (
        "storage.k8s.io/v1",
        "StorageClass",
        |dice| map! {"provisioner": "x", "parameters": map! {"secretName": dice.pick(&NAMES)}},
    ),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", definition),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", webhooks),
    ("example.com/v1", "Widget", widget),
    ("example.com/v1", "Widget", widget),
];

pub(crate) fn object(dice: &mut Dice) -> Value {
    let (api_version, kind, make) = *dice.choose(&KINDS).unwrap_or(&KINDS[0]);
    let mut object = map! {"apiVersion": api_version, "kind": kind, "metadata": metadata(dice, true)};
    if let (Value::Map(object), Value::Map(rest)) = (&mut object, make(dice)) {
        object.extend(rest);
        if matches!(
            kind,
            "Namespace" | "PersistentVolume" | "StorageClass" | "CustomResourceDefinition" | "ClusterRole"
        ) || kind.ends_with("WebhookConfiguration")
            || kind == "ClusterRoleBinding"
        {
            let metadata = object.iter_mut().find(|(field, _)| field == "metadata");
            if let Some((_, Value::Map(metadata))) = metadata
                && !dice.fault_in(2)
            {
                metadata.retain(|(field, _)| field != "namespace");
            }
        }
        if dice.one_in(25) {
            object.push(("status".to_owned(), odd(dice)));
        }
    }
    object
}

fn metadata(dice: &mut Dice, is_named: bool) -> Value {
    let mut metadata = map! {};
    if is_named {
        metadata.set("name", dice.pick(&NAMES));
        if dice.one_in(5) {
            metadata.set("namespace", dice.pick(&NAMESPACES));
        } else if dice.fault_in(80) {
            metadata.set("namespace", odd(dice));
        }
    }
    if dice.one_in(3) {
        metadata.set("labels", labels(dice));
    }
    if dice.one_in(5) {
        metadata.set("annotations", annotations(dice));
    }
    if dice.one_in(25) {
        metadata.set("creationTimestamp", Value::Plain("null".to_owned()));
    }
    metadata
}

pub(crate) fn labels(dice: &mut Dice) -> Value {
    let mut labels = map! {};
    for _ in 0..=dice.up_to(2) {
        let key = dice.pick(&["app", "tier", "app.kubernetes.io/name", "env", "team"]);
        let value = dice.pick(&["web", "db", "app", "x", "prod"]);
        labels.set(key, if dice.fault_in(25) { odd(dice) } else { value.into() });
    }
    labels
}

pub(crate) fn annotations(dice: &mut Dice) -> Value {
    let mut annotations = map! {};
    for _ in 0..=dice.up_to(2) {
        let key = dice.pick(&["note", "example.com/x", "nginx.ingress.kubernetes.io/auth-secret", "a", "z"]);
        let value = dice.pick(&["web", "sec", "cm", "$(FOO)", "a:b"]);
        annotations.set(key, if dice.one_in(3) { text(dice) } else { value.into() });
    }
    if dice.one_in(40) {
        annotations.set("config.kubernetes.io/local-config", dice.pick(&["true", "false", ""]));
    }
    if dice.fault_in(20) {
        annotations.set(dice.pick(&["10", "y", "true", "null"]), "x");
    }
    annotations
}

fn selector(dice: &mut Dice) -> Value {
    map! {"matchLabels": labels(dice)}
}

fn template(dice: &mut Dice) -> Value {
    map! {"metadata": metadata(dice, false), "spec": pod(dice)}
}

fn workload(dice: &mut Dice) -> Value {
    let labels = labels(dice);
    let mut template = template(dice);
    if dice.one_in(2)
        && let Value::Map(entries) = &mut template
    {
        entries[0].1 = map! {"labels": labels.clone()};
    }
    let mut spec = map! {"selector": map! {"matchLabels": labels}, "template": template};
    if dice.one_in(2) {
        spec.set(
            "replicas",
            if dice.one_in(8) { odd(dice) } else { i64::try_from(dice.up_to(9)).unwrap_or_default().into() },
        );
    }
    if dice.one_in(6) {
        spec.set("strategy", map! {"type": "RollingUpdate", "rollingUpdate": map! {"maxSurge": 1}});
    }
    map! {"spec": spec}
}

fn stateful_set(dice: &mut Dice) -> Value {
    let mut set = workload(dice);
    if let Value::Map(entries) = &mut set {
        entries[0].1.set("serviceName", dice.pick(&NAMES));
        if dice.one_in(2) {
            let spec = map! {"storageClassName": dice.pick(&NAMES), "accessModes": vec!["ReadWriteOnce"]};
            entries[0].1.set("volumeClaimTemplates", vec![map! {"metadata": metadata(dice, true), "spec": spec}]);
        }
    }
    set
}

fn controller(dice: &mut Dice) -> Value {
    map! {"spec": map! {"replicas": 1, "selector": labels(dice), "template": template(dice)}}
}

fn cron_job(dice: &mut Dice) -> Value {
    let job = map! {"metadata": metadata(dice, false), "spec": map! {"template": template(dice)}};
    map! {"spec": map! {"schedule": "*/5 * * * *", "jobTemplate": job}}
}

pub(crate) fn variable(dice: &mut Dice) -> Value {
    let name = dice.pick(&["A", "B", "FOO", "BAR", "URL"]);
    match dice.up_to(4) {
        0 => map! {"name": name, "valueFrom": map! {"configMapKeyRef": map! {"name": dice.pick(&NAMES), "key": "k"}}},
        1 => map! {"name": name, "valueFrom": map! {"secretKeyRef": map! {"name": dice.pick(&NAMES), "key": "k"}}},
        2 => {
            map! {"name": name, "value": dice.pick(&["$(FOO)", "http://$(FOO):80/$(BAR)", "$$(FOO)", "$(NOT)", "$", "$(", "plain"])}
        }
        _ => map! {"name": name, "value": odd(dice)},
    }
}

pub(crate) fn port(dice: &mut Dice, field: &str) -> Value {
    let mut port = map! {};
    port.set(field, *dice.choose(&[80, 443, 8080]).unwrap_or(&80));
    if dice.one_in(2) {
        port.set("protocol", dice.pick(&["TCP", "UDP"]));
    }
    if dice.one_in(2) {
        port.set("name", dice.pick(&["http", "dns"]));
    }
    port
}

pub(crate) fn container(dice: &mut Dice) -> Value {
    let mut container = map! {"name": dice.pick(&["main", "side", "init"])};
    if !dice.one_in(10) {
        container.set("image", dice.pick(&IMAGES));
    }
    if dice.one_in(2) {
        container.set("env", (0..=dice.up_to(2)).map(|_| variable(dice)).collect::<Vec<_>>());
    }
    if dice.one_in(4) {
        let reference = dice.pick(&["configMapRef", "secretRef"]);
        let mut from = map! {};
        from.set(reference, map! {"name": dice.pick(&NAMES)});
        container.set("envFrom", vec![from]);
    }
    if dice.one_in(3) {
        container.set("ports", (0..=dice.up_to(2)).map(|_| port(dice, "containerPort")).collect::<Vec<_>>());
    }
    if dice.one_in(5) {
        container.set(
            dice.pick(&["args", "command"]),
            (0..=dice.up_to(2)).map(|_| if dice.one_in(20) { odd(dice) } else { text(dice) }).collect::<Vec<_>>(),
        );
    }
    if dice.one_in(5) {
        container.set("args", vec!["$(FOO)", "--x=$(BAR)"]);
    }
    if dice.one_in(5) {
        let mounts = (0..=dice.up_to(1))
            .map(|_| map! {"name": dice.pick(&["v1", "v2"]), "mountPath": dice.pick(&["/a", "/b", "$(FOO)"])});
        container.set("volumeMounts", mounts.collect::<Vec<_>>());
    }
    if dice.one_in(6) {
        container.set("resources", map! {"limits": map! {"cpu": odd(dice), "memory": "1Gi"}});
    }
    container
}

pub(crate) fn volume(dice: &mut Dice) -> Value {
    let name = dice.pick(&["v1", "v2", "v3"]);
    match dice.up_to(4) {
        0 => map! {"name": name, "configMap": map! {"name": dice.pick(&NAMES), "defaultMode": odd(dice)}},
        1 => map! {"name": name, "secret": map! {"secretName": dice.pick(&NAMES)}},
        2 => map! {"name": name, "persistentVolumeClaim": map! {"claimName": dice.pick(&NAMES)}},
        3 => map! {"name": name, "emptyDir": map! {}},
        _ => map! {"name": name, "projected": map! {"sources": vec![
            map! {"configMap": map! {"name": dice.pick(&NAMES)}},
            map! {"secret": map! {"name": dice.pick(&NAMES)}},
        ]}},
    }
}

fn pod(dice: &mut Dice) -> Value {
    let mut pod = map! {"containers": (0..=dice.up_to(1)).map(|_| container(dice)).collect::<Vec<_>>()};
    if dice.one_in(5) {
        pod.set("initContainers", vec![container(dice)]);
    }
    if dice.one_in(3) {
        pod.set("volumes", (0..=dice.up_to(2)).map(|_| volume(dice)).collect::<Vec<_>>());
    }
    if dice.one_in(4) {
        pod.set("serviceAccountName", dice.pick(&NAMES));
    }
    if dice.one_in(6) {
        pod.set("imagePullSecrets", vec![map! {"name": dice.pick(&NAMES)}]);
    }
    if dice.one_in(10) {
        pod.set("hostAliases", vec![map! {"ip": "1.2.3.4", "hostnames": vec!["a", "b"]}]);
    }
    if dice.one_in(10) {
        pod.set(
            "topologySpreadConstraints",
            vec![map! {"topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector(dice)}],
        );
    }
    if dice.one_in(10) {
        let term = map! {"labelSelector": selector(dice), "topologyKey": "zone"};
        pod.set(
            "affinity",
            map! {"podAntiAffinity": map! {"requiredDuringSchedulingIgnoredDuringExecution": vec![term]}},
        );
    }
    if dice.one_in(10) {
        pod.set("tolerations", vec![map! {"key": "a", "operator": "Exists"}]);
    }
    if dice.one_in(10) {
        pod.set("priorityClassName", dice.pick(&NAMES));
    }
    pod
}

fn service(dice: &mut Dice) -> Value {
    let mut spec = map! {"ports": (0..=dice.up_to(2)).map(|_| port(dice, "port")).collect::<Vec<_>>()};
    if !dice.one_in(4) {
        spec.set("selector", labels(dice));
    }
    map! {"spec": spec}
}

fn data(dice: &mut Dice) -> Value {
    let mut data = map! {};
    for _ in 0..=dice.up_to(2) {
        data.set(
            dice.pick(&["k", "key.txt", "A", "FOO", "conf.yaml"]),
            if dice.one_in(4) { odd(dice) } else { text(dice) },
        );
    }
    data
}

fn config_map(dice: &mut Dice) -> Value {
    if dice.one_in(10) {
        map! {}
    } else {
        map! {"data": data(dice)}
    }
}

fn secret(dice: &mut Dice) -> Value {
    map! {"type": "Opaque", "stringData": data(dice), "data": map! {"a": "aGVsbG8="}}
}

fn account(dice: &mut Dice) -> Value {
    map! {"imagePullSecrets": vec![map! {"name": dice.pick(&NAMES)}], "secrets": vec![map! {"name": dice.pick(&NAMES)}]}
}

fn role(dice: &mut Dice) -> Value {
    map! {"rules": vec![map! {"apiGroups": vec![""], "resources": vec!["secrets"], "resourceNames": vec![dice.pick(&NAMES), dice.pick(&NAMES)], "verbs": vec!["get"]}]}
}

fn binding(dice: &mut Dice) -> Value {
    let kind = dice.pick(&["Role", "ClusterRole"]);
    let mut subject = map! {"kind": dice.pick(&["ServiceAccount", "ServiceAccount", "User"]), "name": dice.pick(&["sa", "app", "default"])};
    if !dice.one_in(3) {
        subject.set("namespace", dice.pick(&NAMESPACES));
    }
    let role = map! {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": dice.pick(&NAMES)};
    map! {"roleRef": role, "subjects": vec![subject]}
}

fn ingress(dice: &mut Dice) -> Value {
    let service = map! {"name": dice.pick(&NAMES), "port": map! {"number": 80}};
    let backend = map! {"service": service, "serviceName": dice.pick(&NAMES)};
    let rule = map! {"host": "x.y", "http": map! {"paths": vec![map! {"path": "/", "backend": backend.clone()}]}};
    let tls = vec![map! {"hosts": vec!["x.y"], "secretName": dice.pick(&NAMES)}];
    map! {"spec": map! {"rules": vec![rule], "tls": tls, "defaultBackend": backend, "ingressClassName": dice.pick(&NAMES)}}
}

fn network_policy(dice: &mut Dice) -> Value {
    let peer = vec![map! {"from": vec![map! {"podSelector": selector(dice)}, map! {"namespaceSelector": map! {}}]}];
    map! {"spec": map! {"podSelector": selector(dice), "ingress": peer}}
}

fn autoscaler(dice: &mut Dice) -> Value {
    let target =
        map! {"apiVersion": "apps/v1", "kind": dice.pick(&["Deployment", "StatefulSet"]), "name": dice.pick(&NAMES)};
    map! {"spec": map! {"scaleTargetRef": target, "maxReplicas": 3, "metrics": vec![map! {"type": "Resource"}]}}
}

fn claim(dice: &mut Dice) -> Value {
    map! {"spec": map! {"storageClassName": dice.pick(&NAMES), "volumeName": dice.pick(&NAMES), "resources": map! {"requests": map! {"storage": odd(dice)}}}}
}

fn definition(dice: &mut Dice) -> Value {
    let hook = map! {"clientConfig": map! {"service": map! {"name": dice.pick(&NAMES), "namespace": "n1"}}};
    map! {"spec": map! {"group": "example.com", "conversion": map! {"webhook": hook}, "versions": vec![map! {"name": "v1", "containers": vec![container(dice)]}]}}
}

fn webhooks(dice: &mut Dice) -> Value {
    let service = map! {"name": dice.pick(&NAMES), "namespace": dice.pick(&NAMESPACES)};
    map! {"webhooks": vec![map! {"name": "a.b.c", "clientConfig": map! {"service": service}}]}
}

fn widget(dice: &mut Dice) -> Value {
    let parts = (0..=dice.up_to(2)).map(|_| map! {"name": dice.pick(&NAMES), "size": odd(dice)});
    let spec = map! {
        "parts": parts.collect::<Vec<_>>(), "secretRef": map! {"name": dice.pick(&NAMES)}, "containers": vec![container(dice)],
        "replicas": 1, "any": odd(dice), "tags": vec![odd(dice), odd(dice)],
    };
    map! {"spec": spec}
}
