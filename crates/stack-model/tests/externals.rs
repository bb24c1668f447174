//! Servers elsewhere: where their URLs lead.

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyEgressRule};
use stack_krm::yaml::from_node;
use stack_model::{Network, Protocol, Service, Stack, Template, view};
use stack_source::FileTree;

/// A stack whose one service uses what is at this URL.
fn using(url: &str) -> Stack {
    let mut stack = Stack::new("shop");
    let elsewhere = stack.external_url("elsewhere", url);
    stack.add(
        "web",
        Service::image("ghcr.io/example/web:1.4.2").user(1000).uses(elsewhere.env("HOST", Template::parse("<host>"))),
    );
    stack
}

#[test]
fn a_url_without_a_port_means_its_scheme_s_own() {
    for (url, port) in [
        ("http://a.example.com", 80),
        ("https://a.example.com/v1?x=1", 443),
        ("redis://a.example.com", 6379),
        ("postgresql://a.example.com/shop", 5432),
        ("postgres://user:pass@a.example.com/shop", 5432),
        ("nats://a.example.com", 4222),
        ("amqps://a.example.com:5671", 5671),
        ("https://a.example.com:8443#x", 8443),
    ] {
        let checked = using(url).check().unwrap_or_else(|report| panic!("{}", report.render(&FileTree::new(), false)));
        assert_eq!(view::matrix(&checked)[0].port, Some(port), "{url}");
        assert_eq!(checked.plans()[0].env["HOST"].as_text(), Some("a.example.com"), "{url}");
    }
}

#[test]
fn an_ipv6_address_stands_in_brackets() {
    for (url, port) in [("http://[2001:db8::1]", 80), ("http://[2001:db8::1]:8080", 8080)] {
        let checked = using(url).check().unwrap();
        assert_eq!(view::matrix(&checked)[0].port, Some(port), "{url}");
        assert_eq!(checked.plans()[0].env["HOST"].as_text(), Some("[2001:db8::1]"), "{url}");
    }
}

#[test]
fn a_url_that_leads_to_no_host_and_port_is_a_fault_at_its_line() {
    for (url, fault) in [
        ("amqps://a.example.com", "`amqps://a.example.com` names no port, and nobody knows one of `amqps`"),
        ("https://a.example.com:65536", "names no port that can be"),
        ("https://a.example.com:0", "names no port that can be"),
        ("https://a.example.com:x", "names no port that can be"),
        ("a.example.com", "is no external"),
        ("https://", "names no host"),
        ("https:///v1", "names no host"),
    ] {
        let report = using(url).check().expect_err(url).render(&FileTree::new(), false);
        assert!(report.contains("error[invalid-external]") && report.contains(fault), "{url}: {report}");
        assert!(report.contains("externals.rs:11:"), "{report}");
    }
}

/// What the one service of a stack may reach: each range, with its port.
fn reached(stack: &Stack) -> Vec<(String, Option<String>)> {
    let checked = stack.check().unwrap_or_else(|report| panic!("{}", report.render(&FileTree::new(), false)));
    let objects = checked.lower();
    let policy = objects.of_kind("NetworkPolicy").find(|policy| policy.name() == "web").expect("a policy");
    let policy: NetworkPolicy = from_node(policy.node()).expect("a NetworkPolicy");
    let of_rule = |rule: NetworkPolicyEgressRule| {
        let port = rule.ports.map(|ports| format!("{:?}", ports[0].port.clone().expect("a port")));
        let ranges = rule.to.expect("peers").into_iter().map(|peer| peer.ip_block.expect("a range").cidr);
        ranges.map(move |range| (range, port.clone())).collect::<Vec<_>>()
    };
    policy.spec.and_then(|spec| spec.egress).expect("rules").into_iter().flat_map(of_rule).collect()
}

#[test]
fn a_server_with_an_address_is_reached_at_that_address() {
    let at = |range: &str, port: &str| (range.to_owned(), Some(format!("Int({port})")));
    for (url, expected) in [
        ("http://192.168.1.10:11434", vec![at("192.168.1.10/32", "11434")]),
        ("http://8.8.8.8", vec![at("8.8.8.8/32", "80")]),
        ("https://[fd00::10]:8443/v1", vec![at("fd00::10/128", "8443")]),
        ("https://api.example.com", vec![at("0.0.0.0/0", "443"), at("::/0", "443")]),
    ] {
        assert_eq!(reached(&using(url)), expected, "{url}");
    }
}

#[test]
fn a_network_is_reached_at_the_port_that_is_said_else_at_every_one() {
    let using = |network: Network| {
        let mut stack = Stack::new("shop");
        let office = stack.external("office", network);
        stack.add("web", Service::image("ghcr.io/example/web:1.4.2").user(1000).uses(&office));
        stack
    };
    let range = || Network::new("192.168.0.0/16");
    let at = |port: Option<&str>| vec![("192.168.0.0/16".to_owned(), port.map(|port| format!("Int({port})")))];
    assert_eq!(reached(&using(range())), at(None));
    assert_eq!(reached(&using(range().port(5432))), at(Some("5432")));
    assert_eq!(reached(&using(range().url("http://ollama.lan:11434"))), at(Some("11434")));
    let fault = |network: Network| using(network).check().unwrap_err().render(&FileTree::new(), false);
    let said = fault(Network::new("not-a-cidr"));
    assert!(
        said.contains("error[invalid-address]: `not-a-cidr` is no range") && said.contains("externals.rs:"),
        "{said}"
    );
    assert!(fault(Network::new("10.0.0.1")).contains("write `10.0.0.1/32`"));
    assert!(fault(range().port(0)).contains("error[invalid-port]"));
    assert!(fault(range().port(80).url("http://ollama.lan")).contains("error[conflicting-keys]"));
}

#[test]
fn a_name_of_a_private_network_is_a_fault_until_its_range_is_said() {
    for host in
        ["ollama.lan", "nas.local", "host.minikube.internal", "ollama", "db.data.svc", "db.data.svc.cluster.local"]
    {
        let report = using(&format!("http://{host}:11434")).check().expect_err(host).render(&FileTree::new(), false);
        assert!(report.contains(&format!("`{host}` is a name of a private network")), "{report}");
        assert!(report.contains(&format!("{{url: \"http://{host}:11434\", network: ")), "{report}");
    }
}

#[test]
fn every_protocol_is_found_by_its_name() {
    for protocol in Protocol::all() {
        assert_eq!(Protocol::named(protocol.name()), Some(protocol));
    }
    assert_eq!(Protocol::of_scheme("postgres"), Some(Protocol::Sql));
}
