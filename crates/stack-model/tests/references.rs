//! What references in angle brackets bring in, and where they end.

use stack_model::{Service, Stack};
use stack_source::FileTree;

/// A stack with one service that provides these templates and puts the first of them into a variable.
fn said(provides: &[(String, String)]) -> String {
    let mut web = Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101);
    for (name, text) in provides {
        web.service.provides.insert(name.clone(), stack_model::Template::parse(text));
    }
    let web = web.env("VALUE", stack_model::Template::parse(&format!("<self.{}>", provides[0].0)));
    let mut stack = Stack::new("shop");
    stack.add("web", web);
    match stack.check() {
        Ok(checked) => format!("{:?}", checked.plans()[0].env["VALUE"].as_text()),
        Err(report) => report.render(&FileTree::new(), false),
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn templates_of_a_provider_lie_in_each_other() {
    assert_eq!(said(&pairs(&[("x", "a<y>c"), ("y", "b<z>"), ("z", "-<port>-")])), "Some(\"ab-8080-c\")");
}

#[test]
fn a_circle_is_said_as_one() {
    let of_one = said(&pairs(&[("x", "a<x>")]));
    assert!(of_one.contains("`provides` names itself in a circle: `x` of `web` → `x`"), "{of_one}");
    let of_two = said(&pairs(&[("x", "<y>"), ("y", "<z>"), ("z", "<self.http.y>")]));
    assert!(of_two.contains("in a circle: `y` of `web` → `z` of `web` → `y`"), "{of_two}");
    assert!(!of_two.contains("did you mean"), "{of_two}");
}

#[test]
fn places_in_which_nothing_is_expanded_take_no_hosts_and_no_secrets() {
    let places = [
        ("image: web:<REFERENCE>", "the image"),
        ("labels: {found: <REFERENCE>}", "label `found`"),
        ("selector: {found: <REFERENCE>}", "label `found`"),
        ("probes: {live: {exec: [wget, \"http://<REFERENCE>/\"]}}", "a probe"),
        ("expose: {ingress: {host: <REFERENCE>.example.com}}", "the host name at the ingress"),
    ];
    for (place, what) in places {
        for reference in ["db.host", "secret.db.password"] {
            let path = stack_source::TreePath::new("stack.yaml").unwrap();
            let image = if place.starts_with("image") { "" } else { "image: web:1, " };
            let mut files = FileTree::new();
            files.insert(
                path.clone(),
                format!(
                    "stack: s\ncluster: {{ingress: traefik}}\nservices:\n  db: {{component: postgres}}\n  web: {{{image}{}, ports: {{http: 8080}}, uses: [db]}}\n",
                    place.replace("REFERENCE", reference)
                ),
            );
            let report = stack_model::parse(&files, &path).unwrap().check().unwrap_err().to_string();
            let wanted = format!("error[unexpanded-reference]: {what} of `web` names a host or a secret");
            assert!(report.contains(&wanted), "{place}: {report}");
            assert_eq!(report.lines().count(), 1, "{place}: {report}");
        }
    }
}

#[test]
fn what_is_unknown_inside_is_said_of_the_reference_inside() {
    let report = said(&pairs(&[("x", "<y>"), ("y", "<sef.port>")]));
    assert!(report.contains("<sef.port> names nothing that is known here"), "{report}");
}

#[test]
fn templates_that_double_at_every_step_end_at_the_most_parts() {
    let text = |step: usize| format!("<x{step}>,").repeat(40);
    let mut provides: Vec<(String, String)> = (0..6).map(|step| (format!("x{step}"), text(step + 1))).collect();
    provides.push(("x6".to_owned(), "<port>".to_owned()));
    let report = said(&provides);
    assert!(report.contains("has more than 10000 parts"), "{report}");
}

#[test]
fn templates_end_at_the_greatest_depth() {
    let mut provides: Vec<(String, String)> =
        (0..20_000).map(|step| (format!("x{step}"), format!("<x{}>", step + 1))).collect();
    provides.push(("x20000".to_owned(), "end".to_owned()));
    let report = said(&provides);
    assert!(report.contains("<x8> lies in more than 8 templates of `provides`"), "{report}");
}
