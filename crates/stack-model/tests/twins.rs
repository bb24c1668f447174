//! A stack is the same in YAML and in Rust: the shipped one, and one of all that it has no use for.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here is a failed test")]

use stack_source::{FileTree, TreePath};

#[path = "../examples/llm_stack.rs"]
mod llm_stack;

#[test]
fn yaml_and_rust_are_equal() {
    let path = TreePath::new("stack.yaml").unwrap();
    let mut files = FileTree::new();
    files.insert(path.clone(), include_str!("../../../examples/llm-stack/stack.yaml"));
    let read = stack_model::parse(&files, &path).unwrap();
    assert_eq!(read, llm_stack::llm_stack());
}

/// The stack of `twins/shop.yaml`, as a program writes it.
fn shop() -> stack_model::Stack {
    use stack_krm::{ConfigKey, DnsSubdomain, Quantity, ServiceName};
    use stack_model::Attribute::{Host, Password, Url};
    use stack_model::component::{Postgres, Qdrant, Vespa};
    use stack_model::units::{gi, mi, milli};
    use stack_model::{
        Affinity, Claim, Declared, Expose, ExternalKind, Gpu, InitStep, Names, Reference, Relation, Scale, Service,
        Share, Spread, Stack, Template, Update, Workload,
    };

    let name = |text: &str| ServiceName::new(text).unwrap();
    let object_name = |text: &str| DnsSubdomain::new(text).unwrap();
    let mut stack = Stack::new("shop").description("One of every construct that llm-stack has no use for");
    let user = stack.external("user", ExternalKind::Person);
    let signing = stack.secret("keys", "signing");
    stack.cluster.ingress = Some("traefik".to_owned());
    stack.cluster.gpu = Some(Gpu::Nvidia);
    stack.cluster.nodes = Some(3);

    let db = Declared::of(Postgres::default()).image("postgres:15.2-alpine").workload(Workload::Deployment);
    let db = db.secret("db-secret").secret_key("password", ConfigKey::new("DB_PASSWORD").unwrap());
    let claim = Claim { name: Some(object_name("db-claim")), ..Claim::of(gi(10)) };
    let db = stack.add("db", db.claim(claim));
    let names = Names { service: Some(name("search-service")), ..Names::default() };
    stack.add("search", Vespa::node().names(names).storage(gi(30)));
    let vectors = stack.add("vectors", Qdrant::node().replicas(2).storage(gi(5)).after("db"));
    let files = stack.add("files", Service::image("shop/files:1.0").when(false).port("http", 9000));

    let names = Names {
        service: Some(name("api-service")),
        container: Some(name("main")),
        autoscaler: Some(object_name("api-hpa")),
    };
    let migrate = InitStep::command(["./migrate"]).done(["./migrate", "--check"]).env("MIGRATION_LOCK", "on");
    let api = Service::image("shop/api:1.0").port("http", 8080).user(1000).grace(60).names(names);
    let tag = Template::reference(Reference::new(["self", "image", "tag"]));
    let api = api.selector("app", "api").label("version", tag).config_map(object_name("shop-config"));
    let api = api.update(Update::rolling(1, 0)).spread(Spread::Required).affinity(Affinity::Cookie);
    let api = api.cpu(milli(100)..Quantity::whole(1)).memory(mi(128)..mi(256)).scale(Scale::between(2, 4).cpu(70));
    let api = api.secret_file("/keys/signing", signing).env("LOG_LEVEL", "info").init("migrate", migrate);
    let api = api.expose(Expose::ingress("shop.example.com").to(user.name()).purpose("Shop"));
    let api = api.uses(db.sql().when_ready().env("DB_HOST", Host).env("DB_PASSWORD", Password));
    let api = api.uses(Relation::from(&files).env("FILES", Url).otherwise("FILES", "database"));
    stack.add("api", api.uses(Relation::from(vectors.http()).when_started().env("VECTORS", Url)));

    let models = Service::image("shop/models:1.0").user(1000).gpu(1).singleton("one consumer per queue");
    stack.add("models", models);
    let update = Update::Rolling { surge: None, unavailable: Some(Share::Percent(25)) };
    stack.add("agent", Service::image("shop/agent:1.0").workload(Workload::DaemonSet).user(1000).update(update));
    let image = Template::reference(Reference::new(["db", "image"]));
    let report = Service::image(image).schedule("0 3 * * *").command(["pg_dump"]).user(70);
    stack.add("report", report.uses(db.sql().env("PGHOST", Host)));
    stack
}

#[test]
fn every_other_construct_is_the_same_in_yaml_and_in_rust() {
    let path = TreePath::new("stack.yaml").unwrap();
    let mut files = FileTree::new();
    files.insert(path.clone(), include_str!("twins/shop.yaml"));
    let read = stack_model::parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    assert_eq!(read, shop());
    shop().check().unwrap_or_else(|report| panic!("{report}"));
}
