//! The systems that the language must carry: what each file says, what this version writes of it, and what it refuses by name.

use std::fmt::Write as _;

use insta::assert_snapshot;
use stack_model::view::{self, Bounds, Sum};
use stack_model::{CheckedStack, Given, Stack, parse::parse_given};
use stack_source::{FileTree, Report, TreePath};

const ONYX: &str = include_str!("systems/onyx.yaml");
const RAG_BACKEND: &str = include_str!("systems/rag-backend.yaml");
const BLUEROBIN: &str = include_str!("systems/bluerobin.yaml");

#[track_caller]
fn read(text: &str, given: &Given) -> Stack {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    parse_given(&files, &path, given).unwrap_or_else(|report| panic!("{}", report.render(&files, false)))
}

#[track_caller]
fn checked(stack: &Stack) -> CheckedStack {
    stack.check().unwrap_or_else(|report| panic!("{report}"))
}

/// Rules and messages, one a line, in the order of their places.
fn said(report: &Report) -> String {
    let mut lines = String::new();
    for fault in report.iter() {
        writeln!(lines, "{}: {}", fault.rule.name, fault.message).expect("a text takes any");
    }
    lines
}

fn waves(stack: &CheckedStack) -> Vec<Vec<String>> {
    let names = |wave: view::Wave| wave.services.into_iter().map(|start| start.service).collect();
    view::waves(stack).into_iter().map(names).collect()
}

fn total(bounds: Bounds<Sum>) -> (String, String) {
    (bounds.fewest.0.to_string(), bounds.most.0.to_string())
}

#[test]
fn onyx_starts_in_the_order_and_with_the_sums_of_its_documents() {
    let onyx = checked(&read(ONYX, &Given::new()));
    let order = waves(&onyx);
    let order: Vec<Vec<&str>> = order.iter().map(|wave| wave.iter().map(String::as_str).collect()).collect();
    let wanted: [&[&str]; 5] =
        [&["postgresql", "vespa", "redis"], &["inference-model-server"], &["api-server"], &["web-server"], &["nginx"]];
    assert_eq!(order, wanted);
    let total_of = view::totals(&onyx).total;
    assert_eq!(total(total_of.cpu_request).0, "2500m");
    assert_eq!(total(total_of.cpu_limit).0, "11");
    assert_eq!(total(total_of.memory_request).0, "6Gi");
    assert_eq!(total(total_of.memory_limit).0, "17152Mi");
    assert_eq!(total(total_of.storage).0, "40Gi");
}

#[test]
fn rag_backend_scales_with_the_sums_of_its_document() {
    let given = Given::new().value("image", "registry.example.com/rag-backend:v1.0.0");
    let rag = checked(&read(RAG_BACKEND, &given));
    let totals = view::totals(&rag).total;
    let pair = |fewest: &str, most: &str| (fewest.to_owned(), most.to_owned());
    assert_eq!(total(totals.cpu_request), pair("2600m", "6100m"));
    assert_eq!(total(totals.cpu_limit), pair("10200m", "24200m"));
    assert_eq!(total(totals.memory_request), pair("3840Mi", "7424Mi"));
    assert_eq!(total(totals.memory_limit), pair("14848Mi", "29184Mi"));
    assert_eq!(total(totals.storage), pair("200Gi", "200Gi"));
    assert_eq!(waves(&rag), [vec!["qdrant"], vec!["redis"], vec!["rag-backend"]]);
}

#[test]
fn bluerobin_is_read_whole_and_refused_by_name() {
    let report = read(BLUEROBIN, &Given::new()).check().expect_err("this version does not write all of it");
    assert_snapshot!(said(&report));
}
