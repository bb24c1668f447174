use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Report, nearest};

use super::pod::{Pod, container_name, container_ports};
use super::rules::{UNKNOWN_PROBE_PORT, UNKNOWN_TARGET_PORT};
use super::service::Service;
use super::tree::{Tree, called, place};

/// Where probes and hooks name a port.
const PROBE_PORTS: &[&[&str]] = &[
    &["livenessProbe", "httpGet", "port"],
    &["livenessProbe", "tcpSocket", "port"],
    &["readinessProbe", "httpGet", "port"],
    &["readinessProbe", "tcpSocket", "port"],
    &["startupProbe", "httpGet", "port"],
    &["startupProbe", "tcpSocket", "port"],
    &["lifecycle", "preStop", "httpGet", "port"],
    &["lifecycle", "postStart", "httpGet", "port"],
];

/// Finds names of ports that no container declares. Numbers need no declaration.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    for service in &tree.services {
        let pods: Vec<&Pod<'_>> = tree.pods_of(service).collect();
        if !pods.is_empty() {
            targets(service, &pods, report);
        }
    }
    for pod in &tree.pods {
        for container in pod.containers() {
            probes(pod, container, report);
        }
    }
}

fn targets(service: &Service<'_>, pods: &[&Pod<'_>], report: &mut Report) {
    for target in service.ports.iter().filter_map(|port| port.target) {
        let Some(name) = target.as_str() else { continue };
        if pods.iter().any(|pod| pod.has_port_named(name)) {
            continue;
        }
        let known: Vec<&str> = pods.iter().flat_map(|pod| pod.ports()).filter_map(|(name, _)| name).collect();
        let message = format!(
            "{} leads to the port `{name}`, which {} does not have",
            called(service.resource),
            called(pods[0].resource)
        );
        let help = advice(name, &known);
        report.add(Diagnostic::new(&UNKNOWN_TARGET_PORT, message).at(place(service.resource, target)).help(help));
    }
}

fn probes(pod: &Pod<'_>, container: &Node, report: &mut Report) {
    for path in PROBE_PORTS {
        let Some(node) = container.at(path.iter().copied()) else { continue };
        let Some(name) = node.as_str() else { continue };
        let known: Vec<&str> = container_ports(container).into_iter().filter_map(|(name, _)| name).collect();
        if !known.contains(&name) {
            let container = container_name(container);
            let message = format!(
                "`{}` of container `{container}` in {} asks for the port `{name}`, which the container does not have",
                path[0],
                called(pod.resource)
            );
            report.add(
                Diagnostic::new(&UNKNOWN_PROBE_PORT, message).at(place(pod.resource, node)).help(advice(name, &known)),
            );
        }
    }
}

fn advice(name: &str, known: &[&str]) -> String {
    match (nearest(name, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("give a container port the name `{name}`, or write its number"),
        (None, known) => format!("the containers have `{}`", known.join("`, `")),
    }
}
