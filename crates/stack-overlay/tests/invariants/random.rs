//! Random stacks and environments, made of a list of choices: a shorter list, and smaller choices, make a simpler stack.

use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsLabel, DnsSubdomain, Quantity, ServiceName};
use stack_model::component::{LiteLlm, Nginx, OpenWebUi, Postgres, Qdrant, R2r, Redis, Vespa};
use stack_model::{
    Affinity, Amount, Build, ConfigFile, Declared, Expose, ExternalKind, Gpu, InitStep, Known, Plain, Port, Protocol,
    PullPolicy, Relation, Resources, Scale, SecretSource, Service, Spread, Stack, Storage, Template, Update, Volume,
    VolumeSource, Way, Workload,
};
use stack_source::{FileTree, Locus, TreePath};

/// Choices, one after the other; zeros when they run out.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % bound
    }

    fn sometimes(&mut self) -> bool {
        self.below(3) == 1
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// Plain names, and names that are made of others as those of objects are.
const NAMES: [&str; 16] = [
    "web",
    "postgres",
    "cache",
    "vectors",
    "gateway",
    "r2r",
    "ui",
    "worker-2",
    "web-2",
    "web-headless",
    "web-endpoints",
    "web-config",
    "chat",
    "web-default",
    "postgres-data",
    "cache-tls",
];

/// The most services of a stack.
const MOST: usize = 8;

/// Files of the package: two of one name, two whose paths are one name of a volume or a variable, bytes that are no text.
const FILES: [(&str, &[u8]); 7] = [
    ("gateway/config.yaml", b"model_list: []\n"),
    ("app/Dockerfile", b"FROM scratch\n"),
    ("elsewhere/Dockerfile", b"FROM scratch\n"),
    ("app/settings.yaml", b"a: 1\n"),
    ("elsewhere/settings.yaml", b"b: 2"),
    ("app/logo.png", &[0x89, b'P', b'N', b'G', 0xff, 0xfe, 0x00]),
    ("app/settings.yml", b""),
];

/// Where files are mounted: some in one folder, some of one name, some of one name of a volume.
const PATHS: [&str; 6] = [
    "/etc/app/settings.yaml",
    "/etc/app/logo.png",
    "/etc/app/settings",
    "/etc-app/settings.yaml",
    "/srv/settings.yaml",
    "/etc/app/more/x",
];

/// Texts that YAML, Kustomize or the kubelet may take for something else.
const TEXTS: [&str; 16] = [
    "plain",
    "yes",
    "0644",
    "1e3",
    "a: b",
    "- x",
    "$(HOME)",
    "$$(HOME)",
    "two\nlines\n",
    " padded ",
    "\"quoted\"",
    "null",
    "2001-01-01",
    "#",
    "${X}",
    "é😀",
];

/// A package and its stack without an environment.
pub(crate) fn package(choices: &mut Choices<'_>) -> (Stack, FileTree) {
    let mut files = FileTree::new();
    for (path, bytes) in FILES {
        files.insert(TreePath::new(path).unwrap(), bytes);
    }
    let mut stack = Stack::new("chat");
    stack.version = choices.sometimes().then(|| "1.2.0+b7".to_owned());
    stack.external_url("openai", "https://api.openai.com/v1");
    stack.external("user", ExternalKind::Person);
    stack.cluster.gpu = Some(Gpu::Nvidia);
    let count = 1 + choices.below(MOST);
    let mut names = NAMES.to_vec();
    let mut known: Vec<(&str, Vec<(String, Protocol)>)> = Vec::new();
    for _ in 0..count {
        let name = names.remove(choices.below(names.len()));
        let service = service(name, choices, &known);
        stack.add(name, Declared { component: Plain, service });
        let ports = stack.services[name].with_facts().ports;
        known.push((name, ports.into_iter().map(|(name, port)| (name, port.protocol)).collect()));
    }
    (stack, files)
}

fn service(name: &str, choices: &mut Choices<'_>, known: &[(&str, Vec<(String, Protocol)>)]) -> Service {
    let mut service = match choices.below(10) {
        0 => plain(Service::image("ghcr.io/example/app:1.4.2"), choices),
        1 => plain(Service::build("app"), choices),
        2 => declared(Postgres::database("main").extension("vector")),
        3 => declared(Redis::append_only()),
        4 => declared(Redis::ephemeral().password()),
        5 => declared(Qdrant::node()),
        6 => declared(LiteLlm::config("gateway/config.yaml")),
        7 => declared(OpenWebUi::auth(true)),
        // Headless by itself, and nginx may be led to it.
        8 => Service { headless: Some(false), ..declared(Vespa::node()) },
        _ => nginx(choices, known),
    };
    let component_has_data = service.with_facts().data.is_some();
    if component_has_data && choices.sometimes() {
        let name = choices.of(&[None, None, None, Some("postgres-data")]).and_then(|name| DnsSubdomain::new(name).ok());
        service.storage = Some(stack_model::Claim { name, ..stack_model::Claim::of(Quantity::gi(5)) });
    }
    if choices.sometimes() {
        service.workload = Some(choices.of(&[Workload::Deployment, Workload::StatefulSet]));
    }
    if choices.sometimes() {
        legacy(name, &mut service, choices);
    }
    if choices.sometimes() {
        placed(&mut service, choices);
    }
    if choices.sometimes() {
        let has_host = !service.ports.is_empty() || service.component.is_some();
        service.init.insert("prepare".to_owned(), step(has_host, choices));
    }
    if service.component.is_none() && service.ports.is_empty() && choices.sometimes() {
        ending(&mut service, choices);
    }
    if choices.sometimes() {
        service.when = Some(choices.sometimes());
    }
    if choices.sometimes() {
        // nginx may not lead to a headless service, and it leads to HTTP.
        let speaks_http = service.with_facts().ports.values().any(|port| port.protocol == Protocol::Http);
        service.headless = Some(!speaks_http);
    }
    if choices.sometimes() {
        let range = |low, high| Amount::range(low, high);
        service.resources = Some(Resources::new(
            range(Quantity::milli(100), Quantity::whole(1)),
            range(Quantity::mi(64), Quantity::gi(1)),
        ));
    }
    for number in 0..choices.below(3) {
        service.env.insert(format!("TEXT_{number}"), Template::text(choices.of(&TEXTS)));
    }
    for _ in 0..choices.below(4) {
        let (original, _) = choices.of(&FILES[3..]);
        let file = ConfigFile::Original { path: original.to_owned(), at: Locus::Derived };
        service.files.insert(choices.of(&PATHS).to_owned(), file);
    }
    for (provider, ports) in known {
        if choices.sometimes() && !ports.is_empty() && service.uses.iter().all(|relation| relation.to.name != *provider)
        {
            service.uses.push(relation(name, provider, ports, choices));
        }
    }
    if choices.sometimes() {
        service.uses.push(Relation::to("openai").env("UPSTREAM", Template::parse("<url>")));
    }
    service
}

/// Names and labels by which somebody else knows its objects.
fn legacy(name: &str, service: &mut Service, choices: &mut Choices<'_>) {
    if choices.sometimes() {
        let own = format!("{name}-service");
        service.names.service = ServiceName::new(choices.of(&[&own, &own, "web-headless", "web"])).ok();
    }
    if choices.sometimes() {
        service.names.container = ServiceName::new("main").ok();
        service.names.autoscaler = DnsSubdomain::new(format!("{name}-hpa")).ok();
    }
    if choices.sometimes() {
        service.selector.insert("app".to_owned(), Template::text(name));
    }
    if choices.sometimes() {
        let own = format!("{name}-variables");
        service.config_map = DnsSubdomain::new(choices.of(&[&own, &own, "web-endpoints", "web-config"])).ok();
    }
}

/// Where its pods stand, and how they change.
fn placed(service: &mut Service, choices: &mut Choices<'_>) {
    let facts = service.with_facts();
    service.spread = choices.sometimes().then(|| choices.of(&[Spread::Preferred, Spread::Required]));
    service.affinity = choices.sometimes().then_some(Affinity::Cookie);
    let claims =
        facts.storage.is_some() || facts.volumes.values().any(|volume| matches!(volume.source, VolumeSource::Claim(_)));
    let overlaps = facts.singleton.is_none() && !claims && facts.workload() == Workload::Deployment;
    if overlaps && choices.sometimes() {
        service.update = Some(choices.of(&[Update::Recreate, Update::rolling(1, 0)]));
    } else if choices.sometimes() {
        service.gpu = Some(1);
    }
}

/// A step before the start.
fn step(has_host: bool, choices: &mut Choices<'_>) -> InitStep {
    let mut step = InitStep::command(["./prepare", "a: b"]);
    if choices.sometimes() {
        step = step.done(["./prepare", "--check"]);
    }
    if choices.sometimes() {
        step = step.env("STEP", Template::text(choices.of(&TEXTS)));
    }
    if has_host && choices.sometimes() {
        step = step.env("WHERE", Template::parse("<self.host>:1"));
    }
    step
}

/// A workload that runs to its end, or on every node.
fn ending(service: &mut Service, choices: &mut Choices<'_>) {
    let claims = service.volumes.values().any(|volume| matches!(volume.source, VolumeSource::Claim(_)));
    let workload = choices.of(&[Workload::Job, Workload::CronJob, Workload::DaemonSet]);
    if workload == Workload::DaemonSet && claims {
        return;
    }
    service.workload = Some(workload);
    service.schedule = (workload == Workload::CronJob).then(|| "0 3 * * *".to_owned());
    service.update = None;
}

fn plain(mut service: Declared<Plain>, choices: &mut Choices<'_>) -> Service {
    for (name, number) in [("http", 8080), ("grpc", 9090)].into_iter().take(choices.below(3)) {
        service = service.port(name, number);
    }
    if choices.sometimes() {
        service = service.volume("/data", Volume::claim(Quantity::gi(1)));
    }
    if choices.sometimes() {
        service = service.volume("/scratch", Volume::empty_of(Quantity::mi(64)));
    }
    service.service
}

fn nginx(choices: &mut Choices<'_>, known: &[(&str, Vec<(String, Protocol)>)]) -> Service {
    let mut service = Nginx::server().port_speaking("http", Port::new(3000, Protocol::Http));
    service = service.files("/", "/usr/share/nginx/html", "index.html");
    let mut http =
        known.iter().flat_map(|(name, ports)| ports.iter().map(move |(port, protocol)| (name, port, protocol)));
    if let Some((name, port, _)) = http.find(|(_, _, protocol)| **protocol == Protocol::Http)
        && choices.sometimes()
    {
        let endpoint = stack_model::Endpoint::new(name, port);
        service = service.route("/api/", &endpoint);
    }
    declared(service)
}

fn declared<C: stack_model::Component>(declared: Declared<C>) -> Service {
    declared.component.declare(declared.service)
}

fn relation(consumer: &str, provider: &str, ports: &[(String, Protocol)], choices: &mut Choices<'_>) -> Relation {
    let (port, protocol) = &ports[choices.below(ports.len())];
    let mut relation = Relation::to(&format!("{provider}.{port}"));
    let prefix = provider.to_ascii_uppercase().replace('-', "_");
    relation = relation.env(&format!("{prefix}_HOST"), Template::parse("<host>"));
    if choices.sometimes() {
        relation = relation.env(&format!("{prefix}_ADDRESS"), Template::parse("<host>:<port>"));
    }
    if protocol.scheme().is_some() {
        relation = relation.env(&format!("{prefix}_URL"), Template::parse("<url>/x"));
    }
    if choices.sometimes() && consumer != provider {
        relation = relation.when_ready();
    }
    relation
}

/// The same stack in a random environment.
pub(crate) fn environment(stack: &Stack, choices: &mut Choices<'_>) -> Stack {
    let mut stack = stack.clone();
    let environment = &mut stack.environment;
    environment.name = DnsLabel::new("env").ok();
    environment.prefix = choices.of(&["", "dev-", "a-b-"]).to_owned();
    environment.suffix = choices.of(&["", "-blue"]).to_owned();
    environment.namespace = choices.sometimes().then(|| DnsLabel::new("team-a").unwrap());
    if choices.sometimes() {
        environment.labels.insert("team".to_owned(), "search".to_owned());
    }
    environment.pull.built = choices.of(&[PullPolicy::IfNotPresent, PullPolicy::Never, PullPolicy::Always]);
    environment.storage = choices.of(&[Storage::Claims, Storage::Ephemeral]);
    environment.images.registry = choices.sometimes().then(|| "registry.example.com:5000/team".to_owned());
    environment.images.tag = choices.sometimes().then(|| "2.0.0".to_owned());
    environment.secrets.dev_only = choices.sometimes();
    environment.replicated = choices.sometimes();
    if choices.sometimes() {
        environment.secrets.default = SecretSource::ExternalStore("vault".to_owned());
    }
    if choices.sometimes() {
        stack.cluster.ingress = Some("traefik".to_owned());
        stack.cluster.issuer = Some("letsencrypt".to_owned());
        stack.cluster.storage.insert("fast".to_owned(), stack_model::AccessMode::ReadWriteOnce);
    }
    let ingress = stack.cluster.ingress.is_some();
    for (name, service) in &mut stack.services {
        change(name.name(), std::sync::Arc::make_mut(service), ingress, choices);
    }
    let secrets: IndexMap<_, _> = stack.secret_keys();
    for (name, secret) in secrets {
        if choices.sometimes() {
            // A password stands in URLs, where a quote or a blank would end it.
            let mut value = |key: &ConfigKey| choices.of(if *key == "password" { &TEXTS[..3] } else { &TEXTS });
            let values = secret.keys.keys().map(|key| (key.clone(), value(key).to_owned()));
            stack.environment.secrets.by_name.insert(name, SecretSource::Literals(values.collect()));
        }
    }
    stack
}

fn change(name: &str, service: &mut Service, ingress: bool, choices: &mut Choices<'_>) {
    let facts = service.with_facts();
    let free = facts.singleton.is_none()
        && facts.volumes.values().all(|volume| {
            !matches!(volume.source, VolumeSource::Claim(_)) || facts.workload == Some(Workload::StatefulSet)
        });
    match choices.below(10) {
        1 if free && facts.workload().has_replicas() => service.replicas = Some(3),
        2 if free && facts.workload().has_replicas() && facts.resources.is_some() => {
            service.scale = Some(Scale::between(2, 5).cpu(70));
        }
        3 => {
            service.env.insert("TEXT_0".to_owned(), Template::text(choices.of(&TEXTS)));
        }
        4 => service.image = service.image.as_ref().map(|_| Template::text("ghcr.io/example/app:2.0.0")),
        5 if ingress && !facts.ports.is_empty() => {
            for number in 0..=choices.below(3) {
                let mut expose = Expose::ingress(format!("{name}-{number}.example.com").as_str()).to("user");
                if let Way::Ingress(rule) = &mut expose.way {
                    // The certificate of its own, one of the whole stack, one that is called as another service's own.
                    rule.tls = choices.of(&[None, Some("wildcard"), Some("cache-tls")]).map(str::to_owned);
                    rule.strip = choices.sometimes().then(|| "/api".to_owned());
                    rule.body = choices.sometimes().then(|| Quantity::mi(50));
                }
                service.expose.push(expose);
            }
        }
        6 => service.writable = Some("writes beside its code".to_owned()),
        7 if service.build.is_some() => service.build = Some(Build::of("elsewhere")),
        8 if matches!(service.component, Some(Known::Qdrant(_))) && facts.workload() == Workload::StatefulSet => {
            service.replicas = Some(3);
        }
        9 => {
            service.config_map = DnsSubdomain::new(format!("{name}-variables")).ok();
            service.selector.insert("tier".to_owned(), Template::text("web"));
        }
        _ => {}
    }
}

/// R2R binds what only other components offer, so it stands in tests of its own.
pub(crate) fn with_r2r() -> (Stack, FileTree) {
    let mut files = FileTree::new();
    files.insert(TreePath::new("gateway/config.yaml").unwrap(), "model_list: []\n");
    let mut stack = Stack::new("chat");
    stack.external("user", ExternalKind::Person);
    let postgres = stack.add("postgres", Postgres::database("r2r").extension("vector"));
    let litellm = stack.add("gateway", LiteLlm::config("gateway/config.yaml"));
    stack.add("r2r", R2r::server().uses(postgres.sql().when_ready()).uses(litellm.openai_api()));
    (stack, files)
}
