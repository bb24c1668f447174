//! Numbers beyond all bounds, and faults that there are several of.

use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain};
use stack_model::component::Nginx;
use stack_model::{
    Expose, Probe, Probes, Scale, ScaleRules, ScaleStep, SecretSource, Service, Share, Stack, Template, Update, User,
    Way, parse,
};
use stack_source::{FileTree, TreePath};

#[track_caller]
fn read(services: &str) -> (Result<Stack, String>, FileTree) {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), format!("stack: shop\nservices:\n{services}"));
    let stack = parse(&files, &path).map_err(|report| report.render(&files, false));
    (stack, files)
}

fn web(said: &str) -> String {
    format!("  web: {{image: ghcr.io/example/web:1.4.2, user: 1000, ports: {{http: 8080}}, {said}}}\n")
}

#[test]
fn a_count_or_a_time_beyond_all_bounds_is_a_fault_of_the_file() {
    for said in [
        "replicas: 150001",
        "gpu: 4294967295",
        "grace: 604801s",
        "grace: 169h",
        "scale: {replicas: 1..200000, cpu: 70%}",
        "scale: {replicas: 1..2, cpu: 4000000000%}",
        "scale: {replicas: 1..2, cpu: 70%, up: {by: [200000 pods per 15s]}}",
        "probes: {start: {path: /, failures: 1000000}}",
        "probes: {start: {path: /, every: 1000000s}}",
        "update: {surge: 200000}",
        "user: 4294967295",
    ] {
        let report = read(&web(said)).0.expect_err(said);
        assert!(report.contains("invalid-number") || report.contains("invalid-duration"), "{said}: {report}");
    }
}

#[test]
fn what_is_just_within_stays() {
    let said = "replicas: 150000, grace: 168h, probes: {start: {path: /, every: 168h, failures: 150000, delay: 168h}}";
    let (stack, files) = read(&web(said));
    let checked = stack.unwrap().check().unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    assert_eq!(checked.plans()[0].start_budget, u32::MAX);
    assert_eq!(checked.plans()[0].replicas, Some(150_000));
    let deadline = checked.lower().named("Deployment", "web").find_map(|object| {
        object.node().at(["spec", "progressDeadlineSeconds"]).and_then(|node| Some(node.as_scalar()?.text.to_string()))
    });
    assert_eq!(deadline, Some(i32::MAX.to_string()));
}

#[test]
fn a_program_s_numbers_have_the_same_bounds() {
    let image = || Service::image("ghcr.io/example/web:1.4.2").port("http", 8080).user(1000);
    let step = ScaleStep { amount: 200_000, percent: false, period: 700_000 };
    let rules = ScaleRules { stabilize: Some(700_000), by: vec![step], take_smallest: false };
    let scale = Scale { up: Some(rules), ..Scale::between(1, 200_000).cpu(u32::MAX) };
    let mut of_group = image();
    of_group.service.user = Some(User { uid: 1000, gid: i64::MAX });
    let update = Update::Rolling { surge: Some(Share::Pods(200_000)), unavailable: Some(Share::Percent(200_000)) };
    let probe = |probe: Probe| image().probes(Probes::new().start(probe));
    let mut stack = Stack::new("shop");
    stack.add("a", image().replicas(u32::MAX));
    stack.add("b", image().scale(scale));
    stack.add("c", image().user(-1));
    stack.add("d", of_group);
    stack.add("e", image().update(update));
    stack.add("f", probe(Probe::new().every(u32::MAX).delay(u32::MAX).timeout(u32::MAX).failures(u32::MAX)));
    stack.add("g", image().grace(u32::MAX));
    let mut nginx = Nginx::server();
    nginx.component.timeout = Some(u32::MAX);
    stack.add("h", nginx);
    let report = stack.check().unwrap_err().render(&FileTree::new(), false);
    for fault in [
        "`replicas` of `a` is 4294967295",
        "the most of `scale` of `b` is 200000",
        "`cpu` of `scale` of `b` is 4294967295",
        "a step of `scale` of `b` is 200000",
        "the period of a step of `scale` of `b` is 700000",
        "`stabilize` of `scale` of `b` is 700000",
        "the user of `c` is -1",
        "the group of `d` is 9223372036854775807",
        "`surge` of `update` of `e` is 200000",
        "`unavailable` of `update` of `e` is 200000",
        "`every` of a probe of `f` is 4294967295",
        "`delay` of a probe of `f` is 4294967295",
        "`timeout` of a probe of `f` is 4294967295",
        "`failures` of a probe of `f` is 4294967295",
        "`grace` of `g` is 4294967295",
        "`timeout` of `h` is 4294967295",
    ] {
        assert!(report.contains(fault), "{fault}: {report}");
    }
}

#[test]
fn a_program_s_words_are_checked_as_a_file_s_are() {
    let image = || Service::image("ghcr.io/example/web:1.4.2").port("http", 8080).user(1000);
    let mut stack = Stack::new("shop");
    stack.cluster.ingress = Some("traefik".to_owned());
    stack.environment.labels.insert("bad key!".to_owned(), "-".to_owned());
    stack.add("a", Service::image("ghcr.io/example/web:1.4.2").user(1000).schedule("every night"));
    stack.add("b", image().scale(Scale::between(6, 2)));
    let line = line!() + 1;
    stack.add("c", image().label("bad key!", "shop"));
    stack.add("d", image().expose(Expose::node_port(30080)));
    stack.add("e", image().expose(Expose::node_port(30080)));
    let by_address = Expose { way: Way::LoadBalancer(Some("not an ip".to_owned())), ..Expose::load_balancer() };
    stack.add("f", image().expose(by_address));
    let mut ingress = Expose::ingress("f.example.com");
    if let Way::Ingress(rule) = &mut ingress.way {
        rule.tls = Some("Bad Name!".to_owned());
    }
    stack.add("g", image().expose(ingress));
    stack.add("h", image().expose(Expose::ingress(Template::parse("<self.http.port>/_bad host"))));
    let report = stack.check().unwrap_err().render(&FileTree::new(), false);
    for fault in [
        "error[invalid-name]: `bad key!` is no key of a label",
        "error[invalid-name]: `-` is no label value",
        "error[invalid-schedule]: `every night` of `a` is no schedule",
        "error[invalid-range]: `b` scales to 2 pods at most, and to 6 at least",
        "error[invalid-port]: `e` and `d` are both found at port 30080 of the nodes",
        "error[invalid-address]: `not an ip` is no address",
        "error[invalid-name]: the Secret of the certificate: `Bad Name!`",
        "error[invalid-name]: `8080/_bad host` is no host name",
    ] {
        assert!(report.contains(fault), "{fault}: {report}");
    }
    assert!(report.contains(&format!("bounds.rs:{line}:")), "{report}");
}

#[test]
fn a_certificate_is_none_of_the_stack_s_own_secrets() {
    let said = |stack: Stack| stack.check().map_err(|report| report.render(&FileTree::new(), false)).err();
    let image = || Service::image("ghcr.io/example/web:1.4.2").port("http", 8080).user(1000);
    let stack = |tls: Option<&str>| {
        let mut stack = Stack::new("shop");
        stack.cluster.ingress = Some("traefik".to_owned());
        stack.secret("api-tls", "token");
        let mut ingress = Expose::ingress("api.example.com");
        if let Way::Ingress(rule) = &mut ingress.way {
            rule.tls = tls.map(str::to_owned);
        }
        stack.add("api", image().expose(ingress));
        stack
    };
    for tls in [None, Some("api-tls")] {
        let report = said(stack(tls)).expect("a fault");
        assert!(report.contains("error[taken-name]: the certificate of `api` is called `api-tls`"), "{report}");
        assert!(report.contains("`tls: api-certificate`"), "{report}");
    }
    assert_eq!(said(stack(Some("api-certificate"))), None);
}

#[test]
fn a_host_as_text_is_found_beside_an_ipv6_address() {
    let other = "  cache: {component: redis}\n";
    let (stack, files) = read(&format!("{other}{}", web("env: {A: 'http://[::1]:80/ http://me@cache:6379/'}")));
    let report = stack.unwrap().check_in(&files).unwrap_err().render(&files, false);
    assert!(report.contains("variable `A` of `web` has the host of `cache` as text"), "{report}");
    let (stack, files) = read(&format!("{other}{}", web("env: {A: 'http://[::1]:80/', B_HOST: '[::1]:80'}")));
    stack.unwrap().check().unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
}

#[test]
fn all_circles_are_said_at_once_each_one_time() {
    let service = |name: &str, after: &str| {
        format!("  {name}: {{image: ghcr.io/example/web:1.4.2, user: 1000, ports: {{http: 8080}}, after: [{after}]}}\n")
    };
    let services = [("a", "b"), ("b", "a, c"), ("c", "b"), ("d", "e"), ("e", "d, a"), ("f", "f")];
    let services: String = services.into_iter().map(|(name, after)| service(name, after)).collect();
    let (stack, files) = read(&services);
    let report = stack.unwrap().check().unwrap_err().render(&files, false);
    for circle in ["a → b → a", "b → c → b", "d → e → d", "f → f"] {
        assert_eq!(report.matches(&format!("these wait for each other: {circle}\n")).count(), 1, "{circle}: {report}");
    }
    assert_eq!(report.matches("error[wait-cycle]").count(), 4, "{report}");
}

#[test]
fn hundreds_of_services_that_all_wait_for_each_other_end() {
    let mut stack = Stack::new("shop");
    let names: Vec<String> = (0..300).map(|number| format!("s{number}")).collect();
    for name in &names {
        let service = Service::image("ghcr.io/example/web:1.4.2").user(1000);
        stack.add(name, names.iter().fold(service, |service, other| service.after(other)));
    }
    let report = stack.check().unwrap_err();
    let faults = report.iter().count();
    assert!(faults <= names.len(), "{faults} faults");
}

#[test]
fn a_config_map_and_a_secret_hold_one_mebibyte() {
    let message = |size: usize, kind: &str| {
        let text = |size: usize| "x".repeat(size);
        let name = |text: &str| DnsSubdomain::new(text).unwrap();
        let image = || Service::image("ghcr.io/example/web:1.4.2").user(1000);
        let mut package = FileTree::new();
        let mut stack = Stack::new("shop");
        match kind {
            "files" => {
                package.insert(TreePath::new("web/a.txt").unwrap(), text(size - 1));
                package.insert(TreePath::new("web/b.txt").unwrap(), text(1));
                stack.add("web", image().file("/etc/a.txt", "web/a.txt").file("/etc/b.txt", "web/b.txt"));
            }
            "variables" => {
                let web =
                    |name: &str| image().config_map(DnsSubdomain::new("shared").unwrap()).env(name, text(size / 2));
                stack.add("one", web("ONE"));
                stack.add("two", web("TWO").env("THREE", text(size % 2)));
            }
            _ => {
                let key = ConfigKey::new("signing").unwrap();
                let signing = stack.secret("keys", "signing");
                stack.add("web", image().secret_file("/keys/signing", signing));
                let given = IndexMap::from([(key, text(size))]);
                stack.environment.secrets.by_name.insert(name("keys"), SecretSource::Literals(given));
            }
        }
        stack.check_in(&package).err().map(|report| report.iter().map(|fault| fault.message.clone()).collect())
    };
    for (kind, object, key) in [
        ("files", "ConfigMap `web-config`", "`a.txt`, with 1048576"),
        ("variables", "ConfigMap `shared`", "`TWO`, with 524288"),
        ("literals", "Secret `keys`", "`signing`, with 1048577"),
    ] {
        assert_eq!(message(1 << 20, kind), None, "{kind}");
        let expected = format!("{object} would have 1048577 bytes, and Kubernetes takes 1048576; the largest is {key}");
        assert_eq!(message((1 << 20) + 1, kind), Some(vec![expected]), "{kind}");
    }
}

#[test]
fn too_large_a_file_is_shown_where_it_is_named() {
    let path = |text: &str| TreePath::new(text).unwrap();
    let mut files = FileTree::new();
    let web = "  web:\n    image: ghcr.io/example/web:1.4.2\n    user: 1000\n    files:\n";
    let stack =
        format!("stack: shop\nservices:\n{web}      /etc/one/a.txt: one/a.txt\n      /etc/two/a.txt: one/b.txt\n");
    files.insert(path("stack.yaml"), stack);
    files.insert(path("one/a.txt"), "a\n");
    files.insert(path("one/b.txt"), "b".repeat(1 << 20));
    let stack = parse(&files, &path("stack.yaml")).unwrap();
    let report = stack.check_in(&files).unwrap_err().render(&files, false);
    assert!(report.contains(" stack.yaml:8:23\n"), "{report}");
    assert_eq!(report.matches("error[").count(), 1, "{report}");
}
