//! What a real API server says to every overlay, and production running under Pod Security *restricted*.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use serde_json::{Value, json};

use super::node::{Node, until};
use super::package::Package;
use super::stack::{Stack, restarts};
use super::subject::{Subject, overlays};
use super::yaml::{documents, list, text};
use super::{Failure, Verdict, count, tools};
use crate::shell;

const NAMESPACE: &str = "prod";
const RESTRICTED: [&str; 2] =
    ["pod-security.kubernetes.io/enforce=restricted", "pod-security.kubernetes.io/warn=restricted"];

/// Where the images of `prod` come from.
const REGISTRY: &str = "registry.example.com/llm-stack/";

/// The services that may have more than one pod, each with a path that it answers.
const REPLICATED: [(&str, &str); 3] = [("react-client", "/"), ("litellm", "/health/liveliness"), ("r2r", "/v3/health")];

pub(super) fn ask(node: &Node) -> Verdict {
    let stack = Stack::new(node, NAMESPACE, "");
    stack.create_namespace(&RESTRICTED)?;
    node.define_custom_resources()?;
    let subjects = Subject::all();
    let builders = tools::builders()?;
    let (mut accepted, mut trees) = (0, 0);
    for (subject, environment) in overlays(&subjects)? {
        let stream = subject.render(&environment, &builders)?;
        let returned = apply(node, &stream, &["--dry-run=server"])
            .map_err(|why| format!("{} {environment}: {why}", subject.name))?;
        accepted += holds(&documents(&stream)?, &returned)?;
        trees += 1;
    }
    node.passed("prod: every overlay is accepted");
    let requests = runs(node, &stack)?;
    node.passed("prod: rolled while it was asked");
    Ok(format!(
        "{} of {} accepted without a warning, and returned as sent; prod runs as restricted; {requests} requests during \
         rolling updates, none failed",
        count(accepted, "object"),
        count(trees, "overlay")
    ))
}

/// Server-side, strict; a warning is a refusal. Gives what the server returns.
fn apply(node: &Node, stream: &[u8], arguments: &[&str]) -> Result<Vec<Value>, String> {
    let words = [
        "--namespace",
        NAMESPACE,
        "apply",
        "--server-side",
        "--validate=strict",
        "--output",
        "json",
        "--filename",
        "-",
    ];
    let said = node.kubectl_reads(&[&words, arguments].concat(), stream)?;
    if !said.errors.is_empty() {
        return Err(said.errors);
    }
    let returned: Value = serde_json::from_str(&said.output).map_err(|error| error.to_string())?;
    Ok(list(&returned, "/items").to_vec())
}

/// The server returns each object, with all that was sent; defaults may be added.
fn holds(sent: &[Value], returned: &[Value]) -> Result<usize, Failure> {
    let key = |object: &Value| (text(object, "/kind").to_owned(), text(object, "/metadata/name").to_owned());
    let returned: BTreeMap<_, &Value> = returned.iter().map(|object| (key(object), object)).collect();
    let mut lost = Vec::new();
    for object in sent {
        let (kind, name) = key(object);
        let place = format!("{kind}/{name}");
        match returned.get(&(kind, name)) {
            Some(returned) => compare(&place, object, returned, &mut lost),
            None => lost.push(format!("{place} is not returned")),
        }
    }
    if lost.is_empty() { Ok(sent.len()) } else { Err(Failure::Wrong(lost.join("\n"))) }
}

fn compare(place: &str, sent: &Value, returned: &Value, lost: &mut Vec<String>) {
    match (sent, returned) {
        (Value::Object(sent), Value::Object(returned)) => {
            for (key, value) in sent {
                compare(&format!("{place}/{key}"), value, returned.get(key).unwrap_or(&Value::Null), lost);
            }
        }
        (Value::Array(sent), Value::Array(returned)) if sent.len() == returned.len() => {
            for (index, (sent, returned)) in sent.iter().zip(returned).enumerate() {
                compare(&format!("{place}/{index}"), sent, returned, lost);
            }
        }
        _ if sent == returned => {}
        _ => lost.push(format!("{place}: {sent} was sent, {returned} came back")),
    }
}

/// The overlay `prod`, running; the number of requests that were answered while everything that may have several pods
/// was replaced.
fn runs(node: &Node, stack: &Stack<'_>) -> Result<u64, Failure> {
    let package = Package::llm_stack(node, "prod")?;
    let overlay = package.on_top("prod", NAMESPACE, &[], "")?;
    let stream = node.kubectl(&["kustomize", &overlay.to_string_lossy()])?;
    let objects = documents(stream.as_bytes())?;
    for image in images(&objects) {
        // Each built service's context has the service's name.
        if let Some((context, _)) = image.strip_prefix(REGISTRY).and_then(|name| name.split_once(':')) {
            node.build(&package.folder().join(context), image)?;
        }
    }
    for secret in secrets(&objects) {
        node.kubectl_reads(&["apply", "--filename", "-"], secret.to_string().as_bytes())?;
    }
    // Before the claims: the scheduler looks again only after minutes where a volume comes at the wrong moment.
    node.give_volumes(&objects)?;
    apply(node, stream.as_bytes(), &[])?;
    stack.ready()?;
    stack.started_in_order()?;
    // Two of R2R's pods that meet an empty database both make its tables; one of them may lose, and then starts again.
    for pod in stack.pods("r2r")? {
        if restarts(&pod) > 1 {
            return Err(Failure::Wrong(format!("r2r starts again and again: {}", pod["status"])));
        }
    }
    stack.answers(|service, _| stack.address(service))?;
    stack.r2r_has_its_tables()?;
    stack.r2r_reaches_its_neighbours()?;
    node.passed("prod: everything runs as restricted");
    rolling_update(node, stack)
}

fn images(objects: &[Value]) -> BTreeSet<&str> {
    objects
        .iter()
        .flat_map(|object| list(object, "/spec/template/spec/containers"))
        .map(|container| text(container, "/image"))
        .collect()
}

/// What an operator makes of the `ExternalSecrets`: each key that some container asks for.
fn secrets(objects: &[Value]) -> Vec<Value> {
    let mut keys: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for reference in objects
        .iter()
        .flat_map(|object| list(object, "/spec/template/spec/containers"))
        .flat_map(|container| list(container, "/env"))
        .filter_map(|variable| variable.pointer("/valueFrom/secretKeyRef"))
    {
        let key = text(reference, "/key");
        keys.entry(text(reference, "/name")).or_default().insert(key, format!("sk-of-the-judge-{key}"));
    }
    keys.into_iter()
        .map(|(name, data)| {
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": NAMESPACE}, "stringData": data})
        })
        .collect()
}

/// Every pod of every service that may have several is replaced, while it is asked all the time.
fn rolling_update(node: &Node, stack: &Stack<'_>) -> Result<u64, Failure> {
    for (service, _) in REPLICATED {
        until(&format!("{service} to have two pods that are ready"), 180, || {
            let ready = stack.get(&[&stack.workload(service)])?;
            Ok((ready.pointer("/status/readyReplicas").and_then(Value::as_u64) >= Some(2)).then_some(()))
        })?;
    }
    let mut traffic = node.command("python3");
    traffic.arg(shell::repository().join("tests/judges/cluster/probes/traffic.py"));
    for (service, path) in REPLICATED {
        traffic.arg(format!("http://{}{path}", stack.address(service)?));
    }
    traffic.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = traffic.spawn().map_err(|error| error.to_string())?;
    let stdin = child.stdin.take();
    let updated = REPLICATED.into_iter().try_for_each(|(service, _)| {
        stack.kubectl(&["rollout", "restart", &stack.workload(service)])?;
        stack.service_ready(service)
    });
    drop(stdin);
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    updated?;
    if !output.status.success() {
        return Err(Failure::Wrong(shell::said(&traffic, &output)));
    }
    let answered = String::from_utf8_lossy(&output.stdout);
    answered.trim().parse().map_err(|_| Failure::Wrong(format!("traffic.py says {answered:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lost(sent: &Value, returned: &Value) -> Vec<String> {
        let mut lost = Vec::new();
        compare("", sent, returned, &mut lost);
        lost
    }

    #[test]
    fn defaults_may_be_added() {
        let sent = json!({"spec": {"ports": [{"port": 80}]}});
        let returned = json!({"spec": {"ports": [{"port": 80, "protocol": "TCP"}], "type": "ClusterIP"}});
        assert_eq!(lost(&sent, &returned), Vec::<String>::new());
    }

    #[test]
    fn nothing_that_was_sent_may_be_dropped_or_changed() {
        let sent = json!({"spec": {"ports": [{"port": 80}, {"port": 81}], "kind": "a", "other": true}});
        let returned = json!({"spec": {"ports": [{"port": 80}], "kind": "b"}});
        let places: Vec<String> =
            lost(&sent, &returned).iter().filter_map(|fault| Some(fault.split_once(':')?.0.to_owned())).collect();
        assert_eq!(places, ["/spec/kind", "/spec/other", "/spec/ports"]);
    }

    #[test]
    fn an_object_that_is_not_returned_is_said() {
        let sent = [json!({"kind": "Service", "metadata": {"name": "a"}})];
        assert!(holds(&sent, &sent).is_ok());
        assert!(matches!(holds(&sent, &[]), Err(Failure::Wrong(why)) if why.contains("Service/a")));
    }
}
