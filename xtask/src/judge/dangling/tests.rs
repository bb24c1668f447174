use crate::judge::yaml;

use super::faults;

const STREAM: &str = r#"
kind: Service
metadata: {name: dev-postgres}
spec: {clusterIP: None, selector: {app: dev-postgres}}
---
kind: StatefulSet
metadata: {name: dev-postgres}
spec: {serviceName: dev-postgres, template: {metadata: {labels: {app: dev-postgres}}, spec: {containers: []}}}
---
kind: ConfigMap
metadata: {name: dev-endpoints-abc}
data: {STACK_POSTGRES: dev-postgres}
---
kind: Deployment
metadata: {name: dev-r2r}
spec:
  template:
    metadata: {labels: {app: dev-r2r}}
    spec:
      initContainers:
      - {name: wait, command: [sh, -c, 'nc -z -w 2 "$STACK_POSTGRES" 5432 || echo "no postgres:5432"'], envFrom: [{configMapRef: {name: dev-endpoints-abc}}]}
      containers:
      - name: r2r
        envFrom: [{configMapRef: {name: dev-endpoints-abc}}]
        env:
        - {name: R2R_POSTGRES_USER, value: postgres}
        - {name: DATABASE_URL, value: 'postgres://postgres:x@$(STACK_POSTGRES):5432/postgres'}
        - {name: FIRST, value: dev-postgres-0.dev-postgres}
        - {name: OPENAI_API_BASE, value: 'https://api.openai.com/v1'}
---
kind: NetworkPolicy
metadata: {name: dev-postgres}
spec: {podSelector: {matchLabels: {app: dev-postgres}}, ingress: [{from: [{podSelector: {matchLabels: {app: dev-r2r}}}]}]}
"#;

#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(from.is_empty() || STREAM.contains(from), "{from}");
    let stream = if from.is_empty() { STREAM.to_owned() } else { STREAM.replacen(from, to, 1) };
    let objects = yaml::documents(stream.as_bytes()).unwrap();
    assert_eq!(faults(&objects, &["postgres".to_owned(), "r2r".to_owned()]), expected);
}

#[test]
fn nothing_dangles_where_all_is_renamed() {
    check("", "", &[]);
}

#[test]
fn a_host_that_was_not_renamed_dangles() {
    let place = "Deployment dev-r2r:";
    check(
        "x@$(STACK_POSTGRES)",
        "x@postgres",
        &[&format!("{place} DATABASE_URL names the host postgres, which is not there")],
    );
    check(
        "-w 2 \"$STACK_POSTGRES\"",
        "-w 2 postgres",
        &[&format!("{place} a command names the host postgres, which is not there")],
    );
    check(
        "x@$(STACK_POSTGRES)",
        "x@dev-postgres.other.svc",
        &[&format!("{place} DATABASE_URL names the host dev-postgres.other.svc, which is not there")],
    );
    check(
        "x@$(STACK_POSTGRES)",
        "x@$(STACK_REDIS)",
        &[&format!(
            "{place} DATABASE_URL is \"postgres://postgres:x@$(STACK_REDIS):5432/postgres\", with a variable that is not there"
        )],
    );
}

#[test]
fn names_and_selectors_dangle_too() {
    check(
        "serviceName: dev-postgres",
        "serviceName: postgres",
        &["StatefulSet dev-postgres: its serviceName postgres is no Service"],
    );
    check(
        "from: [{podSelector: {matchLabels: {app: dev-r2r}}}]",
        "from: [{podSelector: {matchLabels: {app: r2r}}}]",
        &["NetworkPolicy dev-postgres: selects no pod with {\"app\": \"r2r\"}"],
    );
    check(
        "metadata: {labels: {app: dev-r2r}}",
        "metadata: {labels: {app: dev-postgres}}",
        &[
            "Service dev-postgres: selects the pods of 2 workloads with {\"app\": \"dev-postgres\"}",
            "NetworkPolicy dev-postgres: selects no pod with {\"app\": \"dev-r2r\"}",
        ],
    );
}
