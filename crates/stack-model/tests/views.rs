//! What the views say of llm-stack.

use stack_model::view::{self, MatrixRow};
use stack_model::{CheckedStack, Stack};
use stack_source::{FileTree, TreePath};

const STACK: &str = include_str!("../../../examples/llm-stack/stack.yaml");

fn path(text: &str) -> TreePath {
    TreePath::new(text).expect("a path of the test")
}

fn checked(change: impl FnOnce(&mut Stack)) -> CheckedStack {
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), STACK);
    let mut stack = stack_model::parse(&files, &path("stack.yaml")).expect("the shipped stack is right");
    change(&mut stack);
    files.insert(path("litellm/config.yaml"), "model_list: []\n");
    for built in ["qdrant", "litellm", "r2r", "openwebui", "react-client"] {
        files.insert(path(&format!("{built}/Dockerfile")), "FROM scratch\n");
    }
    stack.check_in(&files).unwrap_or_else(|report| panic!("{}", report.render(&files, false)))
}

#[test]
fn r2r_waits_for_its_stores_and_the_client_for_nobody() {
    let waves = view::waves(&checked(|_| {}));
    let names = |wave: &view::Wave| wave.services.iter().map(|start| start.service.clone()).collect::<Vec<_>>();
    assert_eq!(waves.len(), 2);
    assert_eq!(names(&waves[0]), ["postgres", "redis", "qdrant", "litellm", "react-client"]);
    assert_eq!(names(&waves[1]), ["r2r", "openwebui"]);
    assert_eq!(waves[1].services[0].after, ["postgres", "qdrant"]);
}

#[test]
fn an_edge_is_a_row_per_port_and_vanishes_with_it() {
    let rows = view::matrix(&checked(|_| {}));
    let from_r2r = |rows: &[MatrixRow]| {
        let rows = rows.iter().filter(|row| row.from == "r2r");
        rows.map(|row| format!("{} {} {}", row.to, row.protocol, row.port.unwrap_or(0))).collect::<Vec<_>>()
    };
    let whole =
        ["postgres sql 5432", "qdrant qdrant 6333", "qdrant grpc 6334", "redis redis 6379", "litellm openai 4000"];
    assert_eq!(from_r2r(&rows), whole);
    let to_postgres = rows.iter().find(|row| row.to == "postgres").expect("the row of R2R");
    assert_eq!(to_postgres.waits, Some("ready"));
    assert!(to_postgres.env.contains(&"R2R_POSTGRES_HOST".to_owned()));

    let without =
        checked(|stack| stack.service_mut("r2r").unwrap().uses.retain(|relation| relation.to.name != "qdrant"));
    assert_eq!(from_r2r(&view::matrix(&without)), ["postgres sql 5432", "redis redis 6379", "litellm openai 4000"]);
    assert_eq!(view::waves(&without)[1].services[0].after, ["postgres"]);
}

#[test]
fn totals_are_the_sums_of_the_parts() {
    let totals = view::totals(&checked(|_| {}));
    let text = |amount: view::Sum| amount.0.to_string();
    assert_eq!((totals.pods.fewest, totals.pods.most), (7, 7));
    assert_eq!(text(totals.total.cpu_request.fewest), "1700m");
    assert_eq!(text(totals.total.cpu_limit.fewest), "4500m");
    assert_eq!(text(totals.total.memory_request.fewest), "3584Mi");
    assert_eq!(text(totals.total.memory_limit.fewest), "8Gi");
    assert_eq!(text(totals.total.storage.fewest), "40Gi");
    assert!(totals.without_cpu_limit.is_empty());
}

#[test]
fn an_autoscaler_makes_a_range_and_a_service_without_limits_is_said() {
    use stack_model::{Resources, Scale};

    let totals = view::totals(&checked(|stack| {
        stack.service_mut("litellm").unwrap().scale = Some(Scale::between(2, 6).cpu(70));
        stack.service_mut("postgres").unwrap().resources = Some(Resources { unlimited: true, ..Resources::default() });
    }));
    assert_eq!((totals.pods.fewest, totals.pods.most), (8, 12));
    assert_eq!(totals.without_memory_limit, ["postgres"]);
    let litellm = totals.services.iter().find(|row| row.service == "litellm").expect("a row of each service");
    assert_eq!(litellm.need.memory_limit.most.0.to_string(), "6Gi");
}

#[test]
fn an_autoscaler_without_a_range_keeps_the_number_of_pods() {
    use stack_model::{Scale, Service, units::milli};

    let mut stack = Stack::new("shop");
    let web = Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101);
    let web = web.cpu(milli(100)..milli(200)).replicas(3);
    stack.add("web", web.scale(Scale { cpu: Some(70), ..Scale::default() }));
    let checked = stack.check().unwrap();
    assert_eq!(view::services(&checked)[0].most_replicas, 3);
    let objects = checked.lower();
    let scaler = objects.named("HorizontalPodAutoscaler", "web").next().unwrap();
    let number = |key| scaler.node().at(["spec", key]).and_then(|number| number.as_scalar()).unwrap().text.to_string();
    assert_eq!((number("minReplicas"), number("maxReplicas")), ("3".to_owned(), "3".to_owned()));
}

#[test]
fn endpoints_carry_the_final_names() {
    let endpoints = view::endpoints(&checked(|stack| stack.environment.prefix = "dev-".to_owned()));
    let addresses: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.address.as_str()).collect();
    assert_eq!(addresses[..4], ["dev-postgres:5432", "dev-redis:6379", "dev-qdrant:6333", "dev-qdrant:6334"]);
}
