//! Names that are derived from the author's: each is checked as what it becomes, and stands for one thing.

use stack_model::{InitStep, Stack, parse};
use stack_source::{FileTree, TreePath};

#[track_caller]
fn read(text: &str) -> (Stack, FileTree) {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    let stack = parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    (stack, files)
}

#[track_caller]
fn said(text: &str) -> String {
    let (stack, files) = read(text);
    found(&stack, &files)
}

#[track_caller]
fn found(stack: &Stack, files: &FileTree) -> String {
    stack.check().expect_err("the stack has a fault").render(files, false)
}

/// A service with several pods and a step that is run once for all of them.
fn migrated(service: &str, step: &str) -> String {
    format!(
        "  {service}:\n    image: ghcr.io/example/web:1.4.2\n    ports: {{http: 8080}}\n    user: 1000\n    replicas: 2\n    \
         init: {{{step}: {{command: [./migrate], done: [./migrate, --check]}}}}\n"
    )
}

#[test]
fn the_job_of_a_step_has_a_name_of_at_most_52_characters_at_the_step_s_place() {
    let (service, step) = ("a".repeat(30), "b".repeat(21));
    let longest = format!("stack: shop\nservices:\n{}", migrated(&service, &step));
    let (mut stack, files) = read(&longest);
    let jobs = stack.check().unwrap().lower();
    let mut jobs = jobs.of_kind("Job").map(stack_krm::Resource::name);
    assert!(jobs.any(|name| name.starts_with(&format!("{service}-{step}-")) && name.len() == 63));
    stack.environment.prefix = "x-".to_owned();
    let report = found(&stack, &files);
    assert!(report.contains(&format!("`x-{service}-{step}` has 54 characters, and 52 are allowed")), "{report}");
    assert!(report.contains("stack.yaml:8:12"), "{report}");
}

#[test]
fn a_step_whose_job_no_cluster_takes_is_a_fault_and_not_left_out() {
    let report = said(&format!("stack: shop\nservices:\n{}", migrated(&"a".repeat(40), &"b".repeat(40))));
    assert!(report.contains("error[invalid-name]"), "{report}");
    assert!(report.contains("shorten the names of the service and its step"), "{report}");
}

#[test]
fn a_service_and_the_job_of_a_step_are_told_apart() {
    let report =
        said(&format!("stack: shop\nservices:\n{}{}", migrated("web", "migrate"), migrated("web-migrate", "x")));
    assert!(report.contains("`web-migrate` and step `migrate` of `web` both have ServiceAccount"), "{report}");
}

#[test]
fn the_jobs_of_two_steps_are_told_apart() {
    let report = said(&format!("stack: shop\nservices:\n{}{}", migrated("web", "a-b"), migrated("web-a", "b")));
    assert!(report.contains("step `a-b` of `web` and step `b` of `web-a` both have ServiceAccount"), "{report}");
}

#[test]
fn keys_that_one_variable_would_carry_are_refused_with_both_places() {
    let report = said(
        "stack: shop\nsecrets: {bank: [api-key, api_key, api.key]}\nservices:\n  web:\n    image: ghcr.io/example/web:1.4.2\n    \
         user: 1000\n    args: [--a=<secret.bank.api-key>, --b=<secret.bank.api_key>]\n",
    );
    let message = "`STACK_SECRET_BANK_API_KEY` would tell `web` both key `api-key` of Secret `bank` and key `api_key` of Secret `bank`";
    assert!(report.contains(message), "{report}");
    for place in ["stack.yaml:4:3", "stack.yaml:2:18", "stack.yaml:2:27"] {
        assert!(report.contains(place), "{place}: {report}");
    }
}

#[test]
fn hosts_pods_and_keys_that_one_variable_would_carry_are_refused() {
    let image = "image: ghcr.io/example/web:1.4.2, user: 1000, ports: {http: 8080}";
    let report = said(&format!(
        "stack: shop\nsecrets: {{x: [y]}}\nservices:\n  q: {{{image}, workload: StatefulSet}}\n  q-pods: {{{image}}}\n  \
         secret-x-y: {{{image}}}\n  web: {{{image}, uses: {{q: {{env: {{A: <pod-domain>}}}}, q-pods: {{}}, secret-x-y: {{}}}}, \
         args: [--key=<secret.x.y>]}}\n"
    ));
    for message in [
        "`STACK_Q_PODS` would tell `web` both the host of `q-pods` and the domain of the pods of `q`",
        "`STACK_SECRET_X_Y` would tell `web` both the host of `secret-x-y` and key `y` of Secret `x`",
    ] {
        assert!(report.contains(message), "{report}");
    }
}

#[test]
fn an_author_s_variable_is_none_of_those_that_carry_hosts() {
    let image = "image: ghcr.io/example/web:1.4.2, user: 1000, ports: {http: 8080}";
    let report = said(&format!(
        "stack: shop\nservices:\n  db: {{{image}}}\n  web: {{{image}, env: {{STACK_DB: other}}, uses: {{db: {{env: {{A: <host>}}}}}}}}\n"
    ));
    assert!(report.contains("`web` sets variable `STACK_DB`, which tells it the host of `db`"), "{report}");
}

#[test]
fn a_program_s_step_is_named_by_its_line() {
    let mut stack = Stack::new("shop");
    let line = line!() + 1;
    let step = InitStep::command(["./migrate"]).done(["./migrate", "--check"]);
    let web = stack_model::Service::image("ghcr.io/example/web:1.4.2").user(1000).replicas(2);
    stack.add("web", web.init(&"s".repeat(60), step));
    let report = found(&stack, &FileTree::new());
    assert!(report.contains(&format!("names.rs:{line}:")), "{report}");
}

#[test]
fn a_service_cannot_be_called_as_the_policy_of_all_pods() {
    let report = said(
        "stack: shop\nservices: {shop-default: {image: ghcr.io/example/web:1.4.2, user: 1000, ports: {http: 8080}}}\n",
    );
    assert!(report.contains("`shop-default` and the stack both have NetworkPolicy `shop-default`"), "{report}");
    assert!(report.contains("stack.yaml:2:12"), "{report}");
}

#[test]
fn the_second_route_of_a_service_is_not_the_route_of_another() {
    let text = "stack: shop
cluster: {ingress: traefik, issuer: ca}
services:
  web:
    image: ghcr.io/example/web:1.4.2
    user: 1000
    ports: {http: 8080}
    expose:
      - {ingress: {host: a.example.com, strip: /a, tls: one}}
      - {ingress: {host: b.example.com, strip: /b, tls: two}}
  web-2:
    image: ghcr.io/example/web:1.4.2
    user: 1000
    ports: {http: 8080}
    expose: {ingress: {host: c.example.com, strip: /c}}
";
    let report = said(text);
    assert!(report.contains("`web` and `web-2` both have IngressRoute `web-2`"), "{report}");
    assert!(report.contains("`web` and `web-2` both have Certificate `web-2`"), "{report}");
}
