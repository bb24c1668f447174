//! The forms that the author's language has for one thing.

use stack_model::{ExternalKind, Known, ProbeCheck, Protocol, Service, Stack, VolumeSource, Wait, parse};
use stack_source::{FileTree, TreePath};

#[track_caller]
fn stack(text: &str) -> Stack {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)))
}

/// A service that says this.
#[track_caller]
fn service(text: &str) -> Service {
    let text = format!("stack: s\nservices:\n  web:\n    {}\n", text.replace('\n', "\n    "));
    stack(&text).service("web").expect("the service").1.clone()
}

#[test]
fn ports_have_the_protocol_of_their_name_unless_they_say_it() {
    let ports = service("ports: {http: 80:8080, rest: 8081/http, grpc: 9000, admin: 9001}").ports;
    assert_eq!((ports["http"].service, ports["http"].container), (80, 8080));
    let protocols: Vec<_> = ports.values().map(|port| port.protocol).collect();
    assert_eq!(protocols, [Protocol::Http, Protocol::Http, Protocol::Grpc, Protocol::Tcp]);
}

#[test]
fn scalars_are_read_by_their_text() {
    let service =
        service("image: redis:1.10\nenv: {VERSION: 1.10, MODE: 0644, ON: true, DAY: 2024-01-01}\nuser: 999:1000");
    let env: Vec<_> = service.env.values().map(|value| value.as_text().unwrap()).collect();
    assert_eq!(env, ["1.10", "0644", "true", "2024-01-01"]);
    let user = service.user.unwrap();
    assert_eq!((user.uid, user.gid), (999, 1000));
}

#[test]
fn edges_are_a_map_or_a_list() {
    let map =
        service("uses: {redis: {}, qdrant.grpc: {wait: ready, purpose: Search, ports: [http], env: {A: <host>}}}");
    let list = service("uses: [redis, {qdrant.grpc: {wait: ready, purpose: Search, ports: [http], env: {A: <host>}}}]");
    assert_eq!(map.uses, list.uses);
    assert_eq!(service("uses:\n  redis:").uses, service("uses: [redis]").uses);
    assert_eq!(map.uses[1].to.port.as_deref(), Some("grpc"));
    assert_eq!(map.uses[1].wait, Some(Wait::Ready));
    assert_eq!(map.uses[1].env["A"].references().count(), 1);
}

#[test]
fn probes_are_a_path_or_a_map() {
    let http = |path: &str, port: Option<&str>| {
        Some(ProbeCheck::Http { path: path.to_owned(), port: port.map(str::to_owned) })
    };
    assert_eq!(service("probes: /health").probes.unwrap().check, http("/health", None));
    let probes =
        service("probes: {live: {tcp: http}, ready: /, start: {path: /x, port: admin, every: 5s, failures: 60}}");
    let probes = probes.probes.unwrap();
    assert_eq!(probes.live.unwrap().check, Some(ProbeCheck::Tcp { port: Some("http".to_owned()) }));
    assert_eq!(probes.ready.unwrap().check, http("/", None));
    let start = probes.start.unwrap();
    assert_eq!((start.check.clone(), start.every, start.failures), (http("/x", Some("admin")), Some(5), Some(60)));
    let exec = service("probes: {live: {exec: [test, -f, /tmp/alive]}}").probes.unwrap().live.unwrap();
    assert!(matches!(exec.check, Some(ProbeCheck::Exec(command)) if command.len() == 3));
}

#[test]
fn volumes_are_a_word_or_a_claim() {
    let text = "volumes: {/a: empty, /b: empty 4Gi, /c: memory 256Mi, /d: 10Gi, /e: {size: 1Gi, name: e, access: ReadWriteMany}}";
    let volumes = service(text).volumes;
    let kinds: Vec<_> = volumes.values().map(|volume| matches!(volume.source, VolumeSource::Claim(_))).collect();
    assert_eq!(kinds, [false, false, false, true, true]);
    assert!(matches!(volumes["/c"].source, VolumeSource::Empty { memory: true, size: Some(_) }));
}

#[test]
fn amounts_are_a_range_or_one_for_both() {
    let resources = service("resources: {cpu: 500m, memory: 1Gi..2Gi}").resources.unwrap();
    assert_eq!(resources.cpu.request, resources.cpu.limit);
    assert_eq!(resources.memory.limit.unwrap().to_string(), "2Gi");
    let unlimited = service("resources: {cpu: 500m, limits: none}").resources.unwrap();
    assert!(unlimited.unlimited && unlimited.cpu.limit.is_none() && unlimited.cpu.request.is_some());
}

#[test]
fn components_take_keys_of_their_own() {
    let postgres = service("component: postgres\nuser: admin\ndatabase: notes\nextensions: [vector]");
    assert!(matches!(&postgres.component, Some(Known::Postgres(options)) if options.user.as_deref() == Some("admin")));
    assert_eq!(postgres.user, None);
    let alpine = service("component: postgres\nuser: 70");
    assert_eq!(alpine.user.unwrap().uid, 70);
    let plain = service("user: 1000").user.unwrap();
    assert_eq!((plain.uid, plain.gid), (1000, 1000));
}

#[test]
fn ways_from_outside_are_one_or_a_list() {
    assert_eq!(service("expose: headless").headless, Some(true));
    let text =
        "expose: [{ingress: {host: a.example.com}, to: user}, {load-balancer: 192.168.0.50}, {node-port: 30080}]";
    assert_eq!(service(text).expose.len(), 3);
}

#[test]
fn externals_and_secrets() {
    let text = "\
stack: s
externals: {user: person, models: 'https://api.example.com', office: {network: 10.0.0.0/8},
  data: {network: 10.1.0.0/16, port: 5432}, ollama: {network: 192.168.0.0/16, url: 'http://ollama.lan:11434'}}
secrets: {a: [key], b: {one: required, two: optional}}
";
    let stack = stack(text);
    assert_eq!(stack.externals["user"].kind, ExternalKind::Person);
    assert!(matches!(stack.externals["models"].kind, ExternalKind::Url(_)));
    let network = |name: &str| match &stack.externals[name].kind {
        ExternalKind::Network(network) => (network.port, network.url.as_ref().map(ToString::to_string)),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!(network("office"), (None, None));
    assert_eq!(network("data"), (Some(5432), None));
    assert_eq!(network("ollama"), (None, Some("http://ollama.lan:11434".to_owned())));
    let optional: Vec<_> = stack.secrets["b"].keys.values().map(|key| key.optional).collect();
    assert_eq!(optional, [false, true]);
}

#[test]
fn scales_have_rules() {
    let text = "scale: {replicas: 3..10, cpu: 70%, up: {stabilize: 0s, by: [100% per 15s, 2 pods per 15s], take: max}}";
    let scale = service(text).scale.unwrap();
    assert_eq!(scale.replicas, Some((3, 10)));
    let steps = scale.up.unwrap().by;
    assert!(steps[0].percent && !steps[1].percent && steps[1].amount == 2);
}
