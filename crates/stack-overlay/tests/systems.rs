//! The systems whose stacks the model's tests hold, in their environments: values, optional services, Jobs and claims arrive in the
//! emitted tree as they are lowered.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here is a failed test")]

use stack_krm::Order;
use stack_krm::yaml::{Limits, Node, read};
use stack_model::{CheckedStack, Given, Setting, Stack, parse::parse_given};
use stack_overlay::dangling::dangling;
use stack_overlay::emit::{self, CheckedEnvironment};
use stack_source::{FileTree, Report, TreePath};

const ONYX: &str = include_str!("../../stack-model/tests/systems/onyx.yaml");
const RAG_BACKEND: &str = include_str!("../../stack-model/tests/systems/rag-backend.yaml");

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap()
}

fn package(stack: &str, overlay: &str) -> FileTree {
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), stack);
    files.insert(path("overlays/env.yaml"), overlay);
    files
}

/// The stack in an environment, read with the values that its overlay gives.
fn environment(files: &FileTree) -> Result<Stack, Report> {
    let given = stack_overlay::values(files, &path("overlays/env.yaml"));
    let stack = parse_given(files, &path("stack.yaml"), &given)?;
    stack_overlay::parse(files, &path("overlays/env.yaml"), &stack)?.apply(&stack)
}

#[track_caller]
fn checked(stack: Result<Stack, Report>, files: &FileTree) -> CheckedStack {
    stack.and_then(|stack| stack.check_in(files)).unwrap_or_else(|report| panic!("{}", report.render(files, false)))
}

fn lowered(stack: &CheckedStack) -> String {
    let mut objects = stack.lower();
    objects.sort(&Order::legacy());
    objects.to_yaml().unwrap()
}

fn built(tree: &FileTree, root: &str) -> String {
    let built = stack_kustomize::build(tree, &path(root), &stack_kustomize::BuildOptions::default());
    built.unwrap_or_else(|error| panic!("{error}")).to_yaml().unwrap()
}

/// Emits the base and one environment, and holds both to what they lower to.
#[track_caller]
fn emits_what_it_lowers(stack: &str, overlay: &str, base: &Given) -> CheckedStack {
    emits_of(&package(stack, overlay), base)
}

#[track_caller]
fn emits_of(files: &FileTree, base: &Given) -> CheckedStack {
    let mut base = parse_given(files, &path("stack.yaml"), base).unwrap();
    // A base lies in no namespace, so that an overlay can give it one.
    base.environment.namespace = None;
    let base = checked(Ok(base), files);
    let there = checked(environment(files), files);
    let name = there.stack().environment.name.clone().unwrap();
    let environment = CheckedEnvironment { stack: there.clone(), patches: Vec::new(), local_secrets: Vec::new() };
    let tree = emit::emit(&base, &[environment], ".").unwrap().tree;
    assert_eq!(there.lower().iter().count(), there.objects(stack_model::Naming::Final).len(), "no two of one name");
    assert!(built(&tree, "k8s/base") == lowered(&base), "the base");
    assert!(built(&tree, &format!("k8s/overlays/{name}")) == lowered(&there), "{name}");
    let at = path("skaffold.yaml");
    let skaffold = tree.text(&at).map(|text| read(text, &Limits::default()).unwrap().remove(0).root);
    let report = dangling(&there.lower(), skaffold.as_ref().map(|root| (&at, root)), "default");
    assert!(!report.has_errors(), "{report}");
    there
}

#[test]
fn onyx_in_development() {
    let dev = emits_what_it_lowers(ONYX, include_str!("systems/onyx/dev.yaml"), &Given::new());
    let objects = dev.lower();
    assert!(objects.of_kind("Job").next().is_none() && objects.of_kind("CronJob").next().is_none());
}

#[test]
fn onyx_in_production_migrates_once_and_saves_every_night() {
    let prod = emits_what_it_lowers(ONYX, include_str!("systems/onyx/prod.yaml"), &Given::new());
    let objects = prod.lower();
    let schedule = objects.named("CronJob", "postgresql-backup").next().unwrap().node().at(["spec", "schedule"]);
    assert_eq!(schedule.and_then(Node::as_str), Some("0 3 * * *"));
    assert_eq!(objects.of_kind("Job").count(), 1);
    let domain = objects.of_kind("ConfigMap").find_map(|map| map.node().at(["data", "WEB_DOMAIN"])?.as_str());
    assert_eq!(domain, Some("https://onyx.example.com"));
}

#[test]
fn rag_backend_in_its_environments() {
    let base = Given::new().value("image", "rag-backend:dev");
    let dev = emits_what_it_lowers(RAG_BACKEND, include_str!("systems/rag-backend/dev.yaml"), &base).lower();
    assert!(dev.of_kind("HorizontalPodAutoscaler").next().is_none());
    assert!(dev.named("Service", "dev-qdrant-headless").next().is_none());
    let prod = emits_what_it_lowers(RAG_BACKEND, include_str!("systems/rag-backend/prod.yaml"), &base).lower();
    assert!(prod.named("Service", "qdrant-headless").next().is_some());
}

#[test]
fn rag_backend_with_a_host_is_found_without_its_path() {
    let base = Given::new().value("image", "rag-backend:dev");
    let overlay = include_str!("systems/rag-backend/prod.yaml");
    let overlay = format!("prefix: blue-\n{}", overlay.replace("values:", "values:\n  host: rag.example.com"));
    let prod = emits_what_it_lowers(RAG_BACKEND, &overlay, &base).lower();
    let route = prod.named("IngressRoute", "blue-rag-backend").next().unwrap().node();
    let route = &route.at(["spec", "routes"]).and_then(Node::as_sequence).unwrap()[0];
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    assert_eq!(text(route, "match").unwrap(), "Host(`rag.example.com`) && PathPrefix(`/api`)");
    let names = |key: &str| -> Vec<String> {
        route.get(key).and_then(Node::as_sequence).unwrap().iter().filter_map(|node| text(node, "name")).collect()
    };
    assert_eq!(names("services"), ["blue-rag-backend-service"]);
    assert_eq!(names("middlewares"), ["blue-rag-backend-strip", "blue-rag-backend-body"]);
    let strip = prod.named("Middleware", "blue-rag-backend-strip").next().unwrap();
    assert!(strip.node().at(["spec", "stripPrefix", "prefixes"]).is_some());
    assert_eq!(prod.of_kind("Certificate").count(), 1);
    assert_eq!(prod.of_kind("Ingress").count(), 0);
}

#[test]
fn a_value_that_does_not_fit_is_told_where_it_was_given() {
    let files =
        package(RAG_BACKEND, "overlay: env\nvalues: {image: app:1.0, host: 'https://a.example.com', hots: a}\n");
    let said = environment(&files).unwrap_err().render(&files, false);
    assert!(said.contains("error[invalid-value]: `https://a.example.com` is no value of `host`"), "{said}");
    assert!(said.contains("--> overlays/env.yaml:2:32"), "{said}");
    assert!(said.contains("did you mean `host`?"), "{said}");
}

/// What is given is never read as anything but what it is.
#[test]
fn a_value_injects_nothing() {
    let stack = "\
stack: s
values: {text: {about: anything}}
services:
  web: {image: s/web:1.0, user: 1000, env: {WHOLE: <value.text>, PART: 'a <value.text> b'}}
";
    let hostile = "<self.host> <secret.x.y> \"}\nservices: {evil: {}} $(STACK_WEB)";
    let given = Given::new().set("text", Setting::Text(hostile.to_owned()), stack_source::Locus::Derived);
    let files = package(stack, "");
    let stack = parse_given(&files, &path("stack.yaml"), &given).unwrap();
    assert_eq!(stack.services.len(), 1);
    let env = &stack.services["web"].env;
    assert_eq!(env["WHOLE"].as_text(), Some(hostile));
    assert_eq!(env["PART"].as_text(), Some(format!("a {hostile} b").as_str()));
}

#[test]
fn files_arrive_whatever_they_hold_and_are_called() {
    let stack = "\
stack: shop
services:
  web:
    image: ghcr.io/example/web:1.4.2
    user: 1000
    ports: {http: 8080}
    files:
      /srv/logo.png: assets/logo.png
      /etc/web/app.yaml: conf/production.yaml
      /etc/web/key.bin: key.bin
      /etc/other/app.yaml: conf/other.yaml
";
    let mut files = package(stack, "overlay: dev\nextends: dev\n");
    files.insert(path("assets/logo.png"), [0x89, b'P', b'N', b'G', 0xff]);
    files.insert(path("conf/production.yaml"), "level: info\n");
    files.insert(path("conf/other.yaml"), "level: debug\n");
    files.insert(path("key.bin"), [0xff, 0x00]);
    let dev = emits_of(&files, &Given::new());
    let data = |field: &str| -> Vec<String> {
        let objects = dev.lower();
        let maps = objects.of_kind("ConfigMap").filter_map(|map| map.node().get(field)?.as_mapping().cloned());
        let mut keys: Vec<String> =
            maps.flat_map(|map| map.iter().map(|(key, _)| key.to_owned()).collect::<Vec<_>>()).collect();
        keys.sort();
        keys
    };
    assert_eq!(data("binaryData"), ["key.bin", "logo.png"]);
    assert_eq!(data("data"), ["app.yaml", "etc-other-app.yaml"]);
}
