#![expect(clippy::unwrap_used, reason = "the texts of a test are known to be right")]

use indexmap::IndexMap;
use stack_krm::yaml::{PrintOptions, print};
use stack_kustomize::{ConfigMapArgs, Image, Kustomization, Label, Patch, Replica, Selector};
use stack_source::TreePath;

fn path() -> TreePath {
    TreePath::new("k8s/kustomization.yaml").unwrap()
}

fn written(kustomization: &Kustomization) -> String {
    let mut text = String::new();
    print(&kustomization.to_node(), &PrintOptions::SOURCE, &mut text).unwrap();
    text
}

#[test]
fn is_read_as_it_was_written() {
    let kustomization = Kustomization {
        namespace: "yes".to_owned(),
        resources: vec!["../base".to_owned()],
        config_map_generator: vec![ConfigMapArgs {
            name: "settings".to_owned(),
            literals: vec!["A=1".to_owned()],
            ..ConfigMapArgs::default()
        }],
        labels: vec![Label { pairs: IndexMap::from([("n".to_owned(), "1".to_owned())]), ..Label::default() }],
        patches: vec![Patch {
            patch: "- op: remove\n  path: /spec/replicas\n".to_owned(),
            target: Some(Selector { kind: "Deployment".to_owned(), ..Selector::default() }),
            ..Patch::default()
        }],
        images: vec![Image { name: "web".to_owned(), new_tag: "1.10".to_owned(), ..Image::default() }],
        replicas: vec![Replica { name: "web".to_owned(), count: Some(0) }],
        ..Kustomization::new()
    };
    let text = written(&kustomization);
    assert_eq!(Kustomization::read(&path(), &text), Ok(kustomization), "{text}");
    assert!(
        text.starts_with("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: "),
        "{text}"
    );
    assert!(text.contains("patch: |\n"), "{text}");
}

#[test]
fn all_faults_are_told_at_once_with_their_places() {
    let text = "namePrefx: a-\nnamespace: n\nreplicas:\n- {name: web, count: many}\n";
    let error = Kustomization::read(&path(), text).unwrap_err();
    let said: Vec<String> = error.report().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "error[unknown-field]: there is no field `namePrefx`",
            "error[wrong-type]: expected a string, found the boolean `n`",
            "error[wrong-type]: expected a whole number, found a string",
        ]
    );
    let help: Vec<_> = error.report().iter().filter_map(|diagnostic| diagnostic.help.as_deref()).collect();
    assert_eq!(help[0], "did you mean `namePrefix`?");
}
