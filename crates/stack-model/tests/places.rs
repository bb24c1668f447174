//! A fault about a key of a service leads to that key, and to the service where nothing was said.

use stack_model::{PodSecurity, Service, Stack, parse};
use stack_source::{FileTree, TreePath};

/// What is said of a stack with this service, under *restricted* and without facts of its cluster.
#[track_caller]
fn said(service: &str) -> String {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), format!("stack: shop\nservices:\n  web:\n    {}\n", service.replace('\n', "\n    ")));
    let mut stack = parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    stack.environment.pod_security = PodSecurity::Restricted;
    stack.check().expect_err("the stack has a fault").render(&files, false)
}

const IMAGE: &str = "image: ghcr.io/example/web:1.4.2";

#[test]
fn a_fault_about_a_key_leads_to_it() {
    for (rule, said_of_it) in [
        ("runs-as-root", "user: 0"),
        ("scale-without-request", "scale: {replicas: 1..2, cpu: 70%}"),
        ("singleton-scaled", "scale: {replicas: 1..2, cpu: 70%}\nsingleton: it does"),
        ("singleton-scaled", "replicas: 2\nsingleton: it does"),
        ("probe-without-port", "probes: {live: {tcp: admin}}"),
        ("storage-without-place", "storage: 5Gi"),
        ("implausible-amount", "storage: 5\ndata: /data"),
        ("implausible-amount", "resources: {memory: 512m}"),
        ("implausible-amount", "resources: {cpu: 250}"),
        ("unknown-service", "after: [cache]"),
        ("wrong-workload", "replicas: 2\nworkload: DaemonSet"),
        ("wrong-workload", "workload: CronJob"),
        ("missing-gpu", "gpu: 1"),
        ("beyond-this-version", "controls: {other: Build}"),
    ] {
        let report = said(&format!("{said_of_it}\n{IMAGE}"));
        assert!(report.contains(&format!("error[{rule}]")), "{said_of_it}: {report}");
        assert!(report.contains("stack.yaml:4:5"), "{said_of_it}: {report}");
    }
}

#[test]
fn a_fault_about_a_key_of_a_component_leads_to_it() {
    for (rule, said_of_it, component) in [
        ("invalid-path", "routes: {'/a b': {files: /x}}", "nginx"),
        ("invalid-name", "database: a b", "postgres"),
        ("invalid-name", "user: a b", "postgres"),
        ("invalid-name", "extensions: [a b]", "postgres"),
        ("beyond-this-version", "component: flux", ""),
        ("beyond-this-version", "installed-by: k3s\nimage: x:1", ""),
    ] {
        let component = if component.is_empty() { String::new() } else { format!("\ncomponent: {component}") };
        let report = said(&format!("{said_of_it}{component}"));
        assert!(report.contains(&format!("error[{rule}]")), "{said_of_it}: {report}");
        assert!(report.contains("stack.yaml:4:5") || report.contains("stack.yaml:4:16"), "{said_of_it}: {report}");
    }
}

#[test]
fn a_fault_about_what_nobody_said_leads_to_the_service() {
    let report = said("user: 1");
    assert!(report.contains("`web` has no image\n --> stack.yaml:3:3"), "{report}");
}

#[test]
fn an_edit_of_an_environment_names_its_file_and_none_of_a_program() {
    let report = said(&format!("gpu: 1\n{IMAGE}"));
    assert!(report.contains("help: in stack.yaml: `cluster: {gpu: nvidia}`"), "{report}");
    let mut stack = Stack::new("shop");
    stack.add("models", Service::image("ghcr.io/example/models:1.4.2").gpu(1));
    let report = stack.check().unwrap_err().render(&FileTree::new(), false);
    assert!(report.contains("help: write `cluster: {gpu: nvidia}`"), "{report}");
}
