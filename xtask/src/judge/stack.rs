//! llm-stack, deployed on the node, and what is asked of it there.

use serde_json::Value;

use super::node::{Node, until};
use super::yaml::{list, text};

/// How long a start may take, all waits included: the deadline of the emitted skaffold.yaml.
const START: &str = "720s";

/// The services, each with the port that llm-stack's forwards lead to.
pub(super) const PORTS: [(&str, u16); 7] = [
    ("react-client", 3000),
    ("openwebui", 8080),
    ("litellm", 4000),
    ("r2r", 7272),
    ("qdrant", 6333),
    ("postgres", 5432),
    ("redis", 6379),
];

/// Who waits for whom to be ready before it starts: the edges of stack.yaml with `wait: ready`.
const WAITS: [(&str, &str); 3] = [("r2r", "postgres"), ("r2r", "qdrant"), ("openwebui", "litellm")];

/// The services that are `StatefulSets`.
const STATEFUL: [&str; 2] = ["postgres", "redis"];

/// What a namespace has by itself.
const BY_ITSELF: [&str; 2] = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];

pub(super) struct Stack<'a> {
    node: &'a Node,
    namespace: String,
    prefix: String,
}

impl<'a> Stack<'a> {
    pub(super) fn new(node: &'a Node, namespace: &str, prefix: &str) -> Self {
        Self { node, namespace: namespace.to_owned(), prefix: prefix.to_owned() }
    }

    /// The namespace, with labels, and with the ServiceAccount that pods are refused without.
    pub(super) fn create_namespace(&self, labels: &[&str]) -> Result<(), String> {
        self.node.kubectl(&["create", "namespace", &self.namespace])?;
        if !labels.is_empty() {
            self.node.kubectl(&[&["label", "namespace", &self.namespace], labels].concat())?;
        }
        let account = ["--namespace", &self.namespace, "serviceaccount", "default"];
        until("the namespace's ServiceAccount", 30, || self.node.get(&account).map(Some)).map(drop)
    }

    pub(super) fn kubectl(&self, arguments: &[&str]) -> Result<String, String> {
        self.node.kubectl(&[&["--namespace", &self.namespace], arguments].concat())
    }

    pub(super) fn get(&self, arguments: &[&str]) -> Result<Value, String> {
        self.node.get(&[&["--namespace", &self.namespace], arguments].concat())
    }

    /// `deployment/dev-r2r`.
    pub(super) fn workload(&self, service: &str) -> String {
        let kind = if STATEFUL.contains(&service) { "statefulset" } else { "deployment" };
        format!("{kind}/{}{service}", self.prefix)
    }

    /// Every workload has all its pods ready; else what the pods say.
    pub(super) fn ready(&self) -> Result<(), String> {
        for (service, _) in PORTS {
            self.service_ready(service)?;
        }
        Ok(())
    }

    pub(super) fn service_ready(&self, service: &str) -> Result<(), String> {
        let workload = self.workload(service);
        self.kubectl(&["rollout", "status", &workload, "--timeout", START]).map(drop).map_err(|why| {
            let pods = self.kubectl(&["get", "pods", "--output", "wide"]).unwrap_or_default();
            let logs = self.logs(service, &["--all-containers", "--tail", "20"]).unwrap_or_default();
            format!("{why}\n{pods}{logs}")
        })
    }

    pub(super) fn logs(&self, service: &str, arguments: &[&str]) -> Result<String, String> {
        self.kubectl(&[&["logs", &self.workload(service)], arguments].concat())
    }

    /// The pods of a service that are not on their way out, oldest first.
    pub(super) fn pods(&self, service: &str) -> Result<Vec<Value>, String> {
        let selector = format!("kstack.dev/service={}{service}", self.prefix);
        let pods = self.get(&["pods", "--selector", &selector, "--sort-by", "{.metadata.creationTimestamp}"])?;
        let stay = |pod: &&Value| pod.pointer("/metadata/deletionTimestamp").is_none();
        Ok(list(&pods, "/items").iter().filter(stay).cloned().collect())
    }

    pub(super) fn pod(&self, service: &str) -> Result<Value, String> {
        self.pods(service)?.pop().ok_or_else(|| format!("{service} has no pod"))
    }

    /// Where a service answers inside the node's network: its own address, or its pod's where it is headless.
    pub(super) fn address(&self, service: &str) -> Result<String, String> {
        let (_, port) = PORTS.into_iter().find(|(name, _)| *name == service).ok_or("no such service")?;
        let object = self.get(&["service", &format!("{}{service}", self.prefix)])?;
        let address = text(&object, "/spec/clusterIP");
        if address == "None" {
            return Ok(format!("{}:{port}", text(&self.pod(service)?, "/status/podIP")));
        }
        Ok(format!("{address}:{port}"))
    }

    /// No container had to start twice.
    pub(super) fn started_at_once(&self) -> Result<(), String> {
        for (service, _) in PORTS {
            for pod in self.pods(service)? {
                if restarts(&pod) != 0 {
                    let name = text(&pod, "/metadata/name");
                    let said = self.kubectl(&["logs", name, "--previous", "--tail", "20"]).unwrap_or_default();
                    return Err(format!("{name} did not start at once: {}\n{said}", pod["status"]));
                }
            }
        }
        Ok(())
    }

    /// No container started before all that it waits for were ready.
    pub(super) fn started_in_order(&self) -> Result<(), String> {
        for (service, provider) in WAITS {
            let providers = self.pods(provider)?;
            // Times of one clock, written alike, so that their texts compare as they do.
            let ready = providers.iter().filter_map(ready_since).min().unwrap_or_default();
            for pod in self.pods(service)? {
                let started = text(&pod, "/status/containerStatuses/0/state/running/startedAt");
                if ready.is_empty() || started < ready {
                    return Err(format!("{service} started at {started:?}, {provider} was ready at {ready:?}"));
                }
            }
        }
        Ok(())
    }

    /// Each service speaks its protocol at the address that `at` gives it.
    pub(super) fn answers(&self, at: impl Fn(&str, u16) -> Result<String, String>) -> Result<(), String> {
        let mut words = Vec::new();
        for (service, port) in PORTS {
            words.push(format!("{service}={}", at(service, port)?));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.node.probe("ports.py", &words).map(drop)
    }

    /// R2R's container reaches Redis, and Qdrant on both ports, where its own environment says that they are.
    pub(super) fn r2r_reaches_its_neighbours(&self) -> Result<(), String> {
        let script = include_bytes!("../../../tests/judges/cluster/probes/from_r2r.py");
        let workload = self.workload("r2r");
        let words =
            ["--namespace", &self.namespace, "exec", "--stdin", &workload, "--container", "r2r", "--", "python3", "-"];
        self.node.kubectl_reads(&words, script).map(drop)
    }

    /// What PostgreSQL answers to a query, asked over the network with the password of its Secret.
    pub(super) fn sql(&self, query: &str) -> Result<String, String> {
        let script = r#"PGPASSWORD="$POSTGRES_PASSWORD" exec psql -h "$(hostname -i)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -Atc "$0""#;
        self.kubectl(&["exec", &self.workload("postgres"), "--", "sh", "-c", script, query])
    }

    /// R2R has logged in to PostgreSQL, and made what it needs there.
    pub(super) fn r2r_has_its_tables(&self) -> Result<(), String> {
        let extensions = self.sql("select extname from pg_extension")?;
        for wanted in ["vector", "uuid-ossp", "pg_trgm", "fuzzystrmatch"] {
            if !extensions.lines().any(|line| line == wanted) {
                return Err(format!("PostgreSQL lacks the extension {wanted}: {extensions}"));
            }
        }
        let tables =
            self.sql("select count(*) from information_schema.tables where table_name in ('documents', 'chunks')")?;
        if tables.trim() == "2" { Ok(()) } else { Err(format!("R2R made no tables: {tables}")) }
    }

    /// Kills a pod's container as the kernel does when memory is short.
    pub(super) fn kill(&self, pod: &Value) -> Result<(), String> {
        let id = text(pod, "/status/containerStatuses/0/containerID");
        self.node.kill_container(id.trim_start_matches("containerd://"))
    }

    /// Nothing of any kind is in the namespace, save what it had before.
    pub(super) fn nothing_is_left(&self) -> Result<(), String> {
        let kinds = self.kubectl(&["api-resources", "--namespaced", "--verbs", "list,delete", "--output", "name"])?;
        let kinds: Vec<&str> = kinds.lines().filter(|kind| !kind.starts_with("events")).collect();
        until("the namespace to be empty", 120, || {
            let all = self.get(&[&kinds.join(","), "--ignore-not-found"])?;
            let left: Vec<String> = list(&all, "/items")
                .iter()
                .map(|object| format!("{}/{}", text(object, "/kind"), text(object, "/metadata/name")))
                .filter(|object| !BY_ITSELF.contains(&object.as_str()))
                .collect();
            if left.is_empty() { Ok(Some(())) } else { Err(left.join(", ")) }
        })
    }
}

/// The next judge finds nothing of it, whatever came of this one.
impl Drop for Stack<'_> {
    fn drop(&mut self) {
        let delete = ["delete", "namespace", &self.namespace, "--ignore-not-found", "--wait=false"];
        if let Err(why) = self.node.kubectl(&delete) {
            eprintln!("{why}");
        }
    }
}

fn ready_since(pod: &Value) -> Option<&str> {
    let conditions = list(pod, "/status/conditions");
    let ready = conditions.iter().find(|condition| text(condition, "/type") == "Ready")?;
    (text(ready, "/status") == "True").then(|| text(ready, "/lastTransitionTime"))
}

/// How often the containers of a pod were started again.
pub(super) fn restarts(pod: &Value) -> u64 {
    list(pod, "/status/containerStatuses").iter().filter_map(|container| container["restartCount"].as_u64()).sum()
}
