//! Every rule of the tree check against a tree without faults, in which one place is spoilt at a time.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;

use stack_krm::yaml::{Limits, Node, read};
use stack_krm::{Resource, ResourceSet};
use stack_overlay::dangling::{RULES, dangling};
use stack_source::{Locus, Report, TreePath};

const TREE: &str = include_str!("dangling/tree.yaml");
const SKAFFOLD: &str = include_str!("dangling/skaffold.yaml");

/// A fault: the rule that it breaks, the text that is replaced, its replacement, the text at the place, the proposed edit.
struct Case {
    rule: &'static str,
    from: &'static str,
    to: &'static str,
    place: &'static str,
    help: &'static str,
}

macro_rules! cases {
    ($($rule:literal: $from:literal => $to:literal, $place:literal, $help:literal;)*) => {
        &[$(Case { rule: $rule, from: $from, to: $to, place: $place, help: $help }),*]
    };
}

const CASES: &[Case] = cases! {
    // Variables.
    "unrenamed-host": "value: $(STACK_POSTGRES)" => "value: postgres", "postgres", "write `dev-postgres`";
    "unrenamed-host": "POSTGRES: dev-postgres" => "POSTGRES: postgres", "sh", "write `dev-postgres`";
    "unrenamed-host": "{cache: dev-redis}" => "{cache: redis}", "name: CACHE_HOST", "write `dev-redis`";
    "unrenamed-host": "nats://dev-redis:6379" => "nats://redis:6379", "nats://redis:6379", "write `dev-redis`";
    "unrenamed-host": "@dev-postgres:5432/app" => "@postgres:5432/app", "postgresql://app:secret@postgres:5432/app", "write `dev-postgres`";
    "unrenamed-host": "value: \"llama3:8000\"" => "value: \"litellm:4000\"", "\"litellm:4000\"", "write `dev-litellm`";
    "unrenamed-host": "dev-redis.rag}" => "redis.rag}", "router_settings", "write `dev-redis.rag`";
    "unknown-host": "nats://dev-redis:6379" => "nats://dev-rediss:6379", "nats://dev-rediss:6379", "did you mean `dev-redis`?";
    "unknown-host": "$(NS).svc.cluster.local" => "other.svc.cluster.local", "\"http://$(STACK_LITELLM).other.svc.cluster.local:4000\"", "`dev-litellm` lies in the namespace `rag`: write `dev-litellm.rag`";
    "foreign-host": "nats://dev-redis:6379" => "nats://nats.messaging.svc:4222", "nats://nats.messaging.svc:4222", "add the Kubernetes Service `nats`, or write the full domain where it lies outside";
    "unknown-service-port": "nats://dev-redis:6379" => "nats://dev-redis", "nats://dev-redis", "it listens on 6379";
    "unknown-service-port": "{name: CACHE_PORT, value: \"6379\"}" => "{name: CACHE_PORT, value: \"6380\"}", "name: CACHE_HOST", "it listens on 6379";
    "unknown-service-port": "$(STACK_LITELLM).$(NS).svc.cluster.local:4000" => "$(STACK_LITELLM).$(NS):4001", "\"http://$(STACK_LITELLM).$(NS):4001\"", "it listens on 4000";
    "unknown-pod-host": "dev-postgres-0.dev-postgres" => "dev-postgres-2.dev-postgres", "\"host=dev-postgres-2.dev-postgres port=5432 user=app\"", "raise `replicas` to 3, or name a pod before it";
    "unknown-pod-host": "dev-postgres-0.dev-postgres" => "postgres-0.dev-postgres", "\"host=postgres-0.dev-postgres port=5432 user=app\"", "write `dev-postgres-0.dev-postgres`";
    "unrenamed-host": "dev-postgres-0.dev-postgres" => "postgres-0.postgres", "\"host=postgres-0.postgres port=5432 user=app\"", "write `dev-postgres-0.dev-postgres`";
    "undefined-variable": "\"http://$(POD_IP):8000\"" => "\"http://$(POD_IPS):8000\"", "\"http://$(POD_IPS):8000\"", "did you mean `$(POD_IP)`?";
    "undefined-variable": "{name: MODEL, value: \"llama3:8000\"}" => "{name: MODEL, value: \"$(SELF_URL)\"}", "\"$(SELF_URL)\"", "move `SELF_URL` in front of what uses it";
    "undefined-variable": "{name: MODEL, value: \"llama3:8000\"}" => "{name: MODEL, value: \"redis://app:$(NONE)@dev-redis:6379\"}", "\"redis://app:$(NONE)@dev-redis:6379\"", "define `NONE` in `env` or `envFrom`, or write `$$(NONE)` for the text itself";
    // Commands, scripts, probes.
    "unrenamed-host": "-w 2 dev-postgres 5432" => "-w 2 postgres 5432", "sh", "write `dev-postgres`";
    "unknown-service-port": "-w 2 dev-postgres 5432" => "-w 2 dev-postgres 5433", "sh", "it listens on 5432";
    "unrenamed-host": "('dev-redis', 6379)" => "('redis', 6379)", "python", "write `dev-redis`";
    "unrenamed-host": "--redis-host, dev-redis" => "--redis-host, redis", "\"--llm=http://$(STACK_LITELLM):4000/v1\"", "write `dev-redis`";
    "unrenamed-host": "--host=dev-archive-rw" => "--host=postgres", "pg_dump", "write `dev-postgres`";
    "unknown-host": "--host=dev-archive-rw" => "--host=archive-rw", "pg_dump", "add the Kubernetes Service `archive-rw`, or write the full domain where it lies outside";
    "undefined-variable": "--llm=http://$(STACK_LITELLM)" => "--llm=http://$(STACK_LITELM)", "\"--llm=http://$(STACK_LITELM):4000/v1\"", "did you mean `$(STACK_LITELLM)`?";
    "unrenamed-host": "\"http://localhost:8000/\"" => "\"http://api:8000/\"", "[curl, -f, \"http://api:8000/\"]", "write `dev-api`";
    "undefined-variable": "\"http://localhost:8000/\"" => "\"http://$(STACK_LITELLM):8000/\"", "[curl, -f, \"http://$(STACK_LITELLM):8000/\"]", "let a shell do it: `[sh, -c, '… \"$STACK_LITELLM\"']`";
    // Files.
    "unrenamed-host": "server dev-api:8000" => "server api:8000", "upstream", "write `dev-api`";
    "unrenamed-host": "proxy_pass http://backend" => "proxy_pass http://api:8000", "upstream", "write `dev-api`";
    "unknown-service-port": "http://$STACK_LITELLM:4000" => "http://$STACK_LITELLM", "upstream", "it listens on 4000";
    "undefined-variable": "http://$STACK_LITELLM:4000" => "http://${STACK_LITELM}:4000", "upstream", "did you mean `$STACK_LITELLM`?";
    "unrenamed-host": "redis_host: os.environ/REDIS_HOST" => "redis_host: redis", "router_settings", "write `dev-redis`";
    "unknown-service-port": "redis_port: 6379" => "redis_port: 6380", "router_settings", "it listens on 6379";
    "unrenamed-host": "db_host = \"dev-postgres\"" => "db_host = \"postgres\"", "[database]", "write `dev-postgres`";
    "unknown-service-port": "db_port = 5432" => "db_port = 5433", "[database]", "it listens on 5432";
    "unrenamed-host": "general: {host: 0.0.0.0" => "general: {host: redis", "router_settings", "write `dev-redis`";
    // References.
    "missing-service": "serviceName: dev-postgres" => "serviceName: dev-mysql", "dev-mysql", "add the Service `dev-mysql`, or take the reference out";
    "unrenamed-reference": "service: {name: dev-api" => "service: {name: api", "api", "write `dev-api`, or a `nameReference` for this field";
    "unrenamed-reference": "{configMapRef: {name: dev-endpoints-1234567890}, prefix: STACK_}]" => "{configMapRef: {name: endpoints}, prefix: STACK_}]", "endpoints", "write `dev-endpoints-1234567890`, or a `nameReference` for this field";
    "unknown-service-port": "port: {name: http}" => "port: {name: web}", "{name: web}", "it has `http` (8000)";
    "unknown-service-port": "port: {name: http}" => "port: {number: 80}", "{number: 80}", "it has `http` (8000)";
    "missing-config-map": "configMap: {name: dev-litellm-config}" => "configMap: {name: dev-litelm-config}", "dev-litelm-config", "did you mean `dev-litellm-config`?";
    "missing-secret": "secretKeyRef: {name: dev-archive-app" => "secretKeyRef: {name: elsewhere", "elsewhere", "add the Secret `elsewhere`, or take the reference out";
    "missing-data-key": "key: url" => "key: uri", "uri", "did you mean `url`?";
    "missing-data-key": "subPath: config.yaml" => "subPath: config.yml", "config.yml", "did you mean `config.yaml`?";
    "missing-claim": "claimName: dev-uploads" => "claimName: dev-files", "dev-files", "add the PersistentVolumeClaim `dev-files`, or take the reference out";
    "missing-service-account": "serviceAccountName: dev-api" => "serviceAccountName: dev-apis", "dev-apis", "did you mean `dev-api`?";
    "missing-volume": "{name: uploads, mountPath" => "{name: upload, mountPath", "{name: upload, mountPath: /uploads}", "did you mean `uploads`?";
    "missing-scale-target": "kind: Deployment, name: dev-api" => "kind: Deployment, name: dev-apj", "dev-apj", "did you mean `dev-api`?";
    "missing-object": "cluster: {name: dev-archive}" => "cluster: {name: dev-archives}", "dev-archives", "did you mean `dev-archive`?";
    // Selectors and ports.
    "selects-nothing": "spec: {selector: {app: litellm}" => "spec: {selector: {app: litelm}", "{app: litelm}", "did you mean `app: litellm`?";
    "selects-nothing": "podSelector: {matchLabels: {app: postgres}}\n" => "podSelector: {matchLabels: {tier: db}}\n", "{matchLabels: {tier: db}}", "no pod there has the label `tier`: give it to the pods' template";
    "policy-selects-nothing": "from: [{podSelector: {matchLabels: {app: api}}}]" => "from: [{podSelector: {matchLabels: {app: apis}}}]", "{matchLabels: {app: apis}}", "did you mean `app: api`?";
    "unknown-target-port": "targetPort: sql" => "targetPort: psql", "psql", "did you mean `sql`?";
    "unknown-probe-port": "path: /, port: http" => "path: /, port: web", "web", "the containers have `http`";
    // skaffold.yaml.
    "forward-to-nothing": "resourceName: dev-api" => "resourceName: api", "api", "write `resourceName: dev-api`";
    "forward-to-nothing": "resourceType: service, resourceName: dev-api" => "resourceType: Service, resourceName: dev-api", "{resourceType: Service", "write `resourceType: service`";
    "forward-port": "port: 8000, localPort: 8000" => "port: 8001, localPort: 8000", "8001", "it listens on 8000";
    "forward-port": "port: 8000, localPort: 8000" => "port: http, localPort: 8000", "http", "write the number, `port: 8000`: a name gets any local port";
    "forward-namespace": "resourceName: dev-api, namespace: rag" => "resourceName: dev-api, namespace: default", "dev-api", "write `namespace: rag`";
    "forward-without-pods": "resourceName: dev-api, namespace: rag, port: 8000" => "resourceName: dev-openai, namespace: rag, port: 443", "dev-openai", "take the forward out";
    "local-port": "localPort: 5432" => "localPort: 8000", "8000", "give each its own";
    "local-port": "localPort: 5432" => "localPort: 80", "80", "take one from 1024 to 65535";
    "unused-artifact": "{image: stack/api, context" => "{image: stack/apis, context", "stack/apis", "did you mean `stack/api`?";
    "never-pulled": "image: stack/postgres:16\n" => "image: other/postgres:16\n", "Never", "write `IfNotPresent`, or add an artifact";
    "no-manifests": "paths: [k8s/overlays/dev]" => "paths: []", "apiVersion", "add `manifests: {kustomize: {paths: [FOLDER]}}`";
};

fn resources(text: &str) -> ResourceSet {
    let path = TreePath::new("tree.yaml").unwrap();
    let mut resources = ResourceSet::new();
    for document in read(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}: {}", error.span.of(text))) {
        resources.insert(Resource::new(document.root, Locus::in_file(path.clone(), document.span)).unwrap()).unwrap();
    }
    resources
}

fn checked(tree: &str, skaffold: &str) -> Report {
    let root: Node = read(skaffold, &Limits::default()).unwrap().remove(0).root;
    let path = TreePath::new("skaffold.yaml").unwrap();
    dangling(&resources(tree), Some((&path, &root)), "default")
}

#[test]
fn a_tree_without_faults_has_no_findings() {
    assert_eq!(checked(TREE, SKAFFOLD).to_string(), "");
}

#[test]
fn variables_that_double_each_other_take_no_memory() {
    let doubled: String = (1..200).map(|n| format!(", {{name: A{n}, value: $(A{})$(A{})}}", n - 1, n - 1)).collect();
    let pod = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, image: a, \
         args: ['$(A19)', '$A19$A19'], env: [{{name: A0, value: xy}}{doubled}]}}]}}}}"
    );
    assert_eq!(dangling(&resources(&pod), None, "default").to_string(), "");
}

#[test]
fn the_shape_that_survives_renames_has_no_findings() {
    let tree = include_str!("dangling/renamed.yaml");
    assert_eq!(dangling(&resources(tree), None, "default").to_string(), "");
    let spoilt = tree.replace("STACK_LITELLM: dev-litellm", "STACK_LITELLM: litellm");
    let report = dangling(&resources(&spoilt), None, "default");
    let found: BTreeSet<&str> = report.iter().map(|diagnostic| diagnostic.rule.name).collect();
    assert_eq!(found, BTreeSet::from(["unrenamed-host"]));
}

#[test]
fn one_fault_breaks_one_rule_and_the_edit_is_proposed() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (in_tree, in_skaffold) = (TREE.contains(case.from), SKAFFOLD.contains(case.from));
        assert!(in_tree != in_skaffold, "`{}` must stand in one of the files", case.from);
        let tree = TREE.replacen(case.from, case.to, 1);
        let skaffold = SKAFFOLD.replacen(case.from, case.to, 1);
        let report = checked(&tree, &skaffold);
        let found: BTreeSet<&str> = report.iter().map(|diagnostic| diagnostic.rule.name).collect();
        // A fault of the tree may take a forward or an artifact with it.
        let expected = report.iter().find(|diagnostic| diagnostic.rule.name == case.rule);
        let place = expected.map(|diagnostic| match &diagnostic.at {
            Locus::File { path, span } => span.of(if path.as_str() == "tree.yaml" { &tree } else { &skaffold }),
            _ => "",
        });
        let help = expected.and_then(|diagnostic| diagnostic.help.as_deref()).unwrap_or_default();
        if !place.is_some_and(|place| place.starts_with(case.place)) || help != case.help || found.len() > 2 {
            wrong.push(format!("{}: {:?}\n  at {place:?}\n  {report}", case.rule, case.to));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let tested: BTreeSet<&str> = CASES.iter().map(|case| case.rule).collect();
    let known: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(tested, known);
}
