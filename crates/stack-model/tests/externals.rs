//! Servers elsewhere: where their URLs lead.

use stack_model::{Protocol, Service, Stack, Template, view};
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
        assert!(report.contains("externals.rs:9:"), "{report}");
    }
}

#[test]
fn every_protocol_is_found_by_its_name() {
    for protocol in Protocol::all() {
        assert_eq!(Protocol::named(protocol.name()), Some(protocol));
    }
    assert_eq!(Protocol::of_scheme("postgres"), Some(Protocol::Sql));
}
